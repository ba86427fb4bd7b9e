"""What the built-in brain says itself, when no tool has to say it."""

from __future__ import annotations

from assay.brain.intents import (
    CredentialsGiven,
    Greeting,
    Help,
    Intent,
    Puzzle,
    Unknown,
)
from assay.kernel.text import shorten

# Said after tools have done the work: their results make the answer.
DONE = "Done."

EXAMPLES = """\
- **Create tests**: "Create tests for login and checkout, then run them", "Write 3 tests for the \
search"
- **Write one test from steps**: `Create a test "Add to cart". Preconditions: logged in. Steps: \
open Products; press "Add to cart". Expected: the cart shows 1 item`, or paste a manual test case \
with numbered steps and `Expected:` lines
- **Vary**: "Also test a wrong password", "Also with an empty cart"
- **Run**: "Run all tests", "Run the failed tests", `Run "Add to cart"`, "Now run it"
- **Check for flakiness**: "How stable are my tests?", `Is the test "Add to cart" flaky?`
- **Look around**: "Explore the site", "What should I test?", or just a URL
- **Ask**: "List the tests", `Show "Add to cart"`, "What happened in the last run?"
- **Sign in**: "Log in with user … and password …"; I keep the password encrypted and use it by \
name"""

HELP = (
    "I open your site in a real browser, write tests, prove that they can fail, and run them.\n\n"
    + EXAMPLES
)

_PUZZLED = {
    Puzzle.UNKNOWN: "I did not understand that, so I did nothing.",
    Puzzle.EMPTY: "That message says nothing that I can act on.",
    Puzzle.LANGUAGE: "I only understand English without a language model, so I did nothing.",
    Puzzle.CODE: "That looks like code. I work from plain words and did nothing with it.",
    Puzzle.OVERRIDE: "I did nothing: a message cannot change how I work or what a verdict says.",
    Puzzle.DESTRUCTIVE: (
        "I do not delete, stop or deploy anything from a chat message, so I did nothing."
    ),
}


def say(intents: tuple[Intent, ...]) -> str:
    """The text for the intents that need no tool; ``DONE`` when there is none."""
    alone = len(intents) == 1
    said = [text for intent in intents if (text := _one(intent, alone))]
    return "\n\n".join(said) or DONE


def _one(intent: Intent, alone: bool) -> str:
    match intent:
        case Help():
            return HELP
        case Greeting(thanks=True):
            return "You are welcome. Ask for more tests, or say “run all tests”."
        case Greeting():
            return f"Hello. {HELP}"
        case CredentialsGiven(names=names):
            named = " and ".join(f"“{name}”" for name in names)
            return (
                f"Stored the credentials, encrypted, as {named}. I use them by that name whenever "
                "a test has to sign in."
            )
        case Unknown(puzzle=puzzle) if alone:
            return f"{_PUZZLED[puzzle]}\n\nWhat I can do:\n\n{EXAMPLES}"
        case Unknown(text=text, puzzle=puzzle):
            return f"About “{shorten(text, 120)}”: {_PUZZLED[puzzle]}"
        case _:
            return ""
