"""Real browsers: the only home of Playwright. The face is ``port``; ``pool`` implements it."""
