"""Change reviews: from a diff or a pull request to a verdict that a build can block on.

``reading`` reads the change, ``classify`` and ``clues`` say what it touches, ``impact`` what has to
be tested, ``walking`` and ``compare`` how two environments differ, ``judging`` what that comes to,
``report`` and ``render`` how it is told. ``service`` puts them together.
"""
