"""What webhooks tell, in this room's words; stored sealed until a job has dealt with it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class PullChanged:
    """A pull request was opened, reopened, marked ready or got new commits."""

    repository: str
    number: int
    head_sha: str
    branch: str = ""
    url: str = ""
    actor: str = ""
    draft: bool = False
    from_fork: bool = False


@dataclass(frozen=True, slots=True)
class PullClosed:
    """A pull request was closed or merged."""

    repository: str
    number: int


@dataclass(frozen=True, slots=True)
class PreviewReady:
    """A commit was deployed and can be opened."""

    repository: str
    head_sha: str
    url: str


@dataclass(frozen=True, slots=True)
class CommentMade:
    """Somebody spoke to Assay; ``trusted`` is None when the forge has to be asked about them."""

    repository: str
    number: int
    comment_id: str
    text: str
    actor: str = ""
    actor_id: str = ""
    trusted: bool | None = None


@dataclass(frozen=True, slots=True)
class CheckAskedAgain:
    """Somebody pressed "Re-run" on a check."""

    repository: str
    external_id: str
    actor: str = ""


News = PullChanged | PullClosed | PreviewReady | CommentMade | CheckAskedAgain
_KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (PullChanged, PullClosed, PreviewReady, CommentMade, CheckAskedAgain)
}


def dump(news: News) -> str:
    """News as a text."""
    return json.dumps({"kind": type(news).__name__, "values": asdict(news)})


def load(text: str) -> News:
    """News from that text."""
    found = json.loads(text)
    made: News = _KINDS[found["kind"]](**found["values"])
    return made
