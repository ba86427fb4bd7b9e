"""Short names for conversations, from the first request."""

from __future__ import annotations

from collections.abc import Sequence

from assay.brain.intents import (
    CreateFromSteps,
    CreateTests,
    CreateVariation,
    CredentialsGiven,
    Explore,
    Greeting,
    Help,
    Intent,
    LastRun,
    ListCredentials,
    ListTests,
    Run,
    ShowTest,
    Which,
)
from assay.kernel.text import shorten

LIMIT = 60


def title(message: str, intents: Sequence[Intent]) -> str:
    """A title of at most 60 characters; the message's own words when nothing better is known."""
    words = next((said for intent in intents if (said := _title(intent))), "")
    return shorten(words or message, LIMIT)


def _title(intent: Intent) -> str:
    match intent:
        case CreateTests(name=str(name)) | CreateFromSteps(name=str(name)):
            return f"Test “{name}”"
        case CreateTests(features=features):
            return f"Tests for {_joined(features)}" if features else "Tests for the whole site"
        case CreateFromSteps():
            return "Test from steps"
        case CreateVariation(description=description):
            return f"Variation: {description}"
        case Run(which=Which.NAMED, names=names):
            return f"Run {_joined(names)}"
        case Run(which=which):
            return f"Run {which.value} tests"
        case Explore(focus=focus):
            return f"Explore {focus}" if focus else "Explore the site"
        case ListTests() | ShowTest():
            return "Tests"
        case LastRun():
            return "Last run"
        case CredentialsGiven() | ListCredentials():
            return "Credentials"
        case Help() | Greeting():
            return "Getting started"
        case _:
            return ""


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
