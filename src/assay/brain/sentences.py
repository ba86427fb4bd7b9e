"""Sentences that are a test by themselves: actions in a row, or what should happen when."""

from __future__ import annotations

import re

from assay.brain.intents import CreateFromSteps, CreateTests
from assay.brain.subjects import clean

_STEP_VERB = re.compile(
    r"\b(?:open|go(?:es)? to|visit|click|press|tap|enter|type|fill|select|choose|tick|check the|"
    r"uncheck|submit|search(?:es)? for|log(?:s)? in|sign(?:s)? in|add(?:s)?|remove(?:s)?|upload|"
    r"hover|drag|reload|navigate|put(?:s)?|buy(?:s)?|verify|expect|see(?:s)?|assert|apply|applies)\b",
    re.IGNORECASE,
)
_FIRST_STEP = re.compile(
    r"^(?:open|go\s+to|visit|navigate\s+to|click|press|tap|type|enter|select|choose|tick|log\s+in|"
    r"sign\s+in|search\s+for|add|put)\b",
    re.IGNORECASE,
)
_CHECKING = re.compile(
    r"^\s*(?:then\s+)?(?:verif(?:y|ies)|checks?|sees?|expects?|asserts?|confirms?|makes?\s+sure)\b",
    re.I,
)
_SHOULD = re.compile(
    r"^(.{4,200}?)\s+(?:should|must|shall|has\s+to|needs\s+to)\s+(.{3,300})$",
    re.IGNORECASE | re.DOTALL,
)
_ABLE = re.compile(
    r"^(?:an?\s+|the\s+|all\s+|every\s+|registered\s+|logged-?in\s+)*"
    r"(?:users?|visitors?|customers?|people|guests?|buyers?|admins?|i|we|you|it|one)$",
    re.IGNORECASE,
)


def spells_out_steps(thing: str) -> bool:
    """Whether a sentence walks through actions instead of naming a feature."""
    asked = re.search(
        r"\b(?:tests?|test\s*cases?|scenarios?)\s+(?:that|which|where|in which|to)\b",
        thing,
        re.IGNORECASE,
    )
    told = thing[asked.end() :] if asked else thing
    clauses = re.split(r",|;|\band\b|\bthen\b", told)
    acting = [one for one in clauses if _STEP_VERB.search(one) and len(one.split()) >= 2]
    if len(acting) >= 3 or (len(acting) >= 2 and re.search(r"[\"“”'`/]\w|\d", told)):
        return True
    return bool(asked) and len(clauses) >= 2 and any(_CHECKING.match(one) for one in clauses[1:])


def as_steps(message: str) -> CreateFromSteps | None:
    """A message that is a row of actions: "Open /polls/, press Next and check that …"."""
    if _FIRST_STEP.match(message) and "config “" not in message[:40] and spells_out_steps(message):
        return CreateFromSteps(text=message)
    return None


def as_requirement(said: str) -> CreateFromSteps | CreateTests | None:
    """ "Log in with a wrong password should show an error": steps and their expected result."""
    match = _SHOULD.match(said)
    if match is None:
        return None
    subject, outcome = match.group(1).strip(), match.group(2).strip(" .!")
    if _ABLE.match(subject):
        able = re.sub(r"^(?:not\s+)?be\s+able\s+to\s+", "", outcome, flags=re.IGNORECASE)
        if re.match(r"^not\b", outcome, re.IGNORECASE):
            return None
        return CreateTests((clean(able),))
    acting = _STEP_VERB.search(subject) or re.search(
        r"\b(?:log-?in|search\w*|submit\w*|register\w*|\w+ing)\b", subject, re.IGNORECASE
    )
    if acting is None:
        return None
    return CreateFromSteps(text=f"Steps: {subject}. Expected: {outcome}")
