"""What is asked of the grounder and what it answers: frozen values."""

from __future__ import annotations

from dataclasses import dataclass

from assay.cases.clauses import Phrase, Place, Verb


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


NO_MEMORY = Memory()


@dataclass(frozen=True, slots=True)
class GroundRequest:
    """One thing to find. ``verb`` decides which roles can take part.

    ``destructive`` allows controls that delete, cancel or log out although the phrase does not
    say so. ``following`` are the names that the next clauses use (they tell which form is meant).
    ``exact`` takes the name as it is written on the page: no synonyms, nothing that is only near.
    """

    phrase: Phrase
    verb: Verb = Verb.CLICK
    place: Place | None = None
    value: str | None = None
    memory: Memory = NO_MEMORY
    destructive: bool = False
    following: tuple[str, ...] = ()
    exact: bool = False


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

    ``as_value`` is set when the phrase is a value for the field ``choice`` and not its name: text
    to type, or the label of an option to select. ``stepping`` says that the choice only leads to
    the thing: the verb itself is still to be done, on the page behind the link or, where the
    choice cannot be clicked, on controls that show while the pointer is on it. ``margin`` is the
    lead over the second best candidate. ``missing`` names what is not there when that is not the
    thing itself but the place it should be at; ``several`` says that too much is called so.
    """

    choice: Candidate | None
    candidates: tuple[Candidate, ...]
    margin: float
    reason: str
    as_value: str | None = None
    stepping: bool = False
    missing: str = ""
    several: bool = False

    @property
    def abstained(self) -> bool:
        """Whether no element could be chosen."""
        return self.choice is None
