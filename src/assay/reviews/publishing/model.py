"""Forge connections and publications: frozen values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assay.forge import Annotation, Provider, PullRef, Secret


@dataclass(frozen=True, slots=True)
class RepositoryLink:
    """A repository and what is tested for it.

    ``preview_url`` is where a pull request runs, with ``{number}``, ``{branch}`` and ``{sha}`` to
    be filled in; empty when deployments report it.
    """

    repository: str
    project_id: str
    application_id: str
    preview_url: str = ""

    def preview(self, *, number: int, branch: str, sha: str) -> str:
        """Where this pull request runs; empty when that is not known beforehand."""
        url = self.preview_url.replace("{number}", str(number)).replace("{sha}", sha)
        # A branch's name becomes one label of a host name, as preview services do it.
        label = "".join(c if c.isalnum() else "-" for c in branch.lower()).strip("-")
        return url.replace("{branch}", label[:63])


@dataclass(frozen=True, slots=True)
class Connection:
    """A forge that an organisation is connected to, without its secrets.

    ``automatic``: pull requests are reviewed unasked. ``native_reviews``: verdicts are also given
    as approvals and requests for changes.
    """

    id: str
    short_id: str
    organisation_id: str
    provider: Provider
    base_url: str
    name: str
    automatic: bool
    native_reviews: bool
    created_at: datetime
    links: tuple[RepositoryLink, ...] = ()

    def link(self, repository: str) -> RepositoryLink | None:
        """What is tested for a repository; forges do not tell upper case from lower."""
        wanted = repository.casefold()
        return next((one for one in self.links if one.repository.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class NewConnection:
    """What a connection is made from."""

    provider: Provider
    base_url: str
    name: str
    secret: Secret = field(repr=False)
    webhook_secret: str = field(repr=False)
    links: tuple[RepositoryLink, ...]
    automatic: bool = True
    native_reviews: bool = True


class State(StrEnum):
    """How far a publication is.

    ``waiting``: for a preview; ``running``: its conversation is at work; ``ended``: the result is
    there and has to be written; ``done``: nothing more will be written.
    """

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class ReviewOrder:
    """A change review to be started."""

    project_id: str
    application_id: str
    ref: PullRef
    pull_url: str
    preview_url: str
    branch: str
    commit: str
    actor: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Started:
    """A review that was started: its conversation and where people follow it."""

    conversation_id: str
    url: str


@dataclass(frozen=True, slots=True)
class ReviewResult:
    """What a review came to: ``verdict`` as the conversation's ``review`` has it.

    ``summary`` is Markdown. ``head_sha`` is the commit that was really reviewed, if it is known.
    """

    verdict: str
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    head_sha: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a review's conversation is; ``result`` once it has finished, whichever way."""

    result: ReviewResult | None = None


@dataclass(frozen=True, slots=True)
class Publication:
    """One review of one head commit, as the forge shows it.

    ``head_sha`` is empty until it was read. ``comment_to_greet`` is the comment that asked.
    """

    id: str
    connection_id: str
    repository: str
    number: int
    head_sha: str
    state: State
    project_id: str
    conversation_id: str | None
    details_url: str
    started: bool
    check_id: str | None
    comment_id: str | None
    comment_to_greet: str | None
    result: ReviewResult | None
    problem: str
    tries: int
    deadline: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``give_up``: how long a forge that does not answer is asked again. ``poll``: every
    server asks the queue that often, also one with no forge, and a review takes minutes.
    ``keep_news``: what a delivery told, if nobody could deal with it; ``keep_deliveries``: that it
    came, so that it is refused when somebody sends it again."""

    poll: float = 1.0
    sweep: float = 3.0
    lease: float = 120.0
    first_retry: float = 5.0
    slowest_retry: float = 900.0
    give_up: float = 86_400.0
    wait_for_preview: float = 1800.0
    keep_news: float = 14 * 86_400.0
    keep_deliveries: float = 400 * 86_400.0
