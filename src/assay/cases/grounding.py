"""From a named thing to one element of an observation, with a score, a margin and a reason."""

from __future__ import annotations

from dataclasses import dataclass

from assay.browser.model import Observation
from assay.cases.clauses import Clause, Phrase, Place, Verb
from assay.cases.meaning import Meaning


@dataclass(frozen=True, slots=True)
class Memory:
    """What "it" and bare steps may mean. Texts, since refs die with their observation.

    ``thing`` is the text of what was last made, found or named (a rendered value, not a template);
    ``made`` are all values typed so far, oldest first. ``ref`` is the last target, only when it
    belongs to the observation at hand.
    """

    thing: str = ""
    made: tuple[str, ...] = ()
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class GroundRequest:
    """One thing to find. ``verb`` decides which roles can take part.

    ``destructive`` allows controls that delete, cancel or log out although the phrase does not
    say so. ``following`` are the names that the next clauses use (they tell which form is meant).
    """

    phrase: Phrase
    verb: Verb = Verb.CLICK
    place: Place | None = None
    value: str | None = None
    memory: Memory = Memory()
    destructive: bool = False
    following: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """One element that may be meant; ``label`` is how to show it: link “Add user”."""

    ref: str
    score: float
    reason: str
    label: str


@dataclass(frozen=True, slots=True)
class Grounding:
    """The answer. ``choice`` is None exactly when it abstained; ``reason`` is one sentence then.

    ``as_value`` says that the phrase is a value for the field ``choice`` and not its name.
    ``margin`` is the lead over the second best candidate.
    """

    choice: Candidate | None
    candidates: tuple[Candidate, ...]
    margin: float
    reason: str
    as_value: bool = False

    @property
    def abstained(self) -> bool:
        """Whether no element could be chosen."""
        return self.choice is None


def request_of(clause: Clause, memory: Memory = Memory(), following: tuple[str, ...] = ()) -> GroundRequest:
    """The request for the first thing that a clause names (an empty phrase when it names none)."""
    phrase = clause.object or Phrase("", pronoun=clause.pronoun, ordinal=clause.ordinal, role=clause.role_hint)
    return GroundRequest(
        phrase, clause.verb, clause.place, clause.value, memory,
        destructive=clause.verb is Verb.DELETE, following=following,
    )


def ground(request: GroundRequest, observation: Observation, meaning: Meaning) -> Grounding:
    """The one element that is meant, or an abstention that names the closest candidates."""
    raise NotImplementedError


def ground_all(request: GroundRequest, observation: Observation, meaning: Meaning) -> tuple[Candidate, ...]:
    """Every element that is meant ("all checkboxes"), in document order."""
    raise NotImplementedError
