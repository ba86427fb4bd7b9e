"""Addresses of forges: which pull request a link names, and where its API is."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

from assay.forge.errors import PullUrlInvalid
from assay.forge.model import Provider, PullRef
from assay.kernel.addresses import is_forbidden_host

GITHUB = "https://github.com"
GITLAB = "https://gitlab.com"
_GITHUB_PULL = re.compile(r"^/([\w.-]+/[\w.-]+)/pull/(\d{1,10})(?:/.*)?$", re.ASCII)
# The dash is missing in links of old versions; a relative root stays a part of the project path
# until somebody who knows the connection cuts it off.
_GITLAB_MERGE = re.compile(
    r"^/([\w.][\w.-]*(?:/[\w.][\w.-]*)+)(?:/-)?/merge_requests/(\d{1,10})(?:/.*)?$"
)
_EXAMPLES = {
    Provider.GITHUB: "https://github.com/owner/name/pull/7",
    Provider.GITLAB: "https://gitlab.com/group/name/-/merge_requests/7",
}


def parse_pull_url(url: str, provider: Provider) -> PullRef:
    """The pull or merge request that a link names; ``PullUrlInvalid`` shows the right form."""
    parts = _split(url)
    pattern = _GITHUB_PULL if provider is Provider.GITHUB else _GITLAB_MERGE
    found = pattern.match(unquote(parts.path)) if parts is not None else None
    if parts is None or found is None or ".." in found[1].split("/"):
        kind = "pull request" if provider is Provider.GITHUB else "merge request"
        raise PullUrlInvalid(
            f"prUrl is no link to a {kind}: expected the form {_EXAMPLES.get(provider, '')}."
        )
    return PullRef(provider, _origin(parts), found[1], int(found[2]))


def without_credentials(url: str) -> str:
    """A link as it may be stored and shown: without user name, query and fragment, in which people
    paste tokens. Text that is no link loses the same, and stays readable otherwise."""
    bare = re.split(r"[?#]", url.strip(), maxsplit=1)[0]
    # A slash in a password ends what a browser takes for the host; no port has letters.
    return re.sub(r"(?<=://)(?:[^/\\]*@|[^/\\@:]*:(?!\d+/)\S*@)", "", bare)


def base_address(url: str) -> str:
    """A forge's web address in its normal form: scheme, host, port and path, no closing slash."""
    parts = _split(url)
    if parts is None or parts.query or parts.fragment:
        raise PullUrlInvalid(
            "The forge's address must look like https://git.example.com, without user name, "
            "query or fragment."
        )
    return _origin(parts) + parts.path.rstrip("/")


def within(ref: PullRef, base_url: str) -> PullRef | None:
    """The same pull request under a connection's address, whose path is no part of the project;
    ``None`` when it is on another forge."""
    whole = f"{ref.base_url}/{ref.repository}"
    if not whole.startswith(base_url + "/"):
        return None
    return PullRef(ref.provider, base_url, whole[len(base_url) + 1 :], ref.number)


def api_base(provider: Provider, base_url: str) -> str:
    """Where the API of a forge is."""
    if provider is Provider.GITLAB:
        return f"{base_url}/api/v4"
    parts = urlsplit(base_url)
    if base_url == GITHUB or (parts.hostname or "").endswith(".ghe.com"):
        return urlunsplit(parts._replace(netloc=f"api.{parts.netloc}", path=""))
    return f"{base_url}/api/v3"


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return None
    named = parts.scheme in ("http", "https") and parts.hostname and port != 0
    if not named or parts.username is not None or is_forbidden_host(parts.hostname or ""):
        return None
    return None if re.search(r"[\s\\]", url.strip()) else parts


def _origin(parts: SplitResult) -> str:
    default = {"http": 80, "https": 443}[parts.scheme]
    host = (parts.hostname or "").lower()
    shown = f"[{host}]" if ":" in host else host
    # www.github.com leads to github.com, and no token may follow that redirect.
    shown = shown.removeprefix("www.") if shown in ("www.github.com", "www.gitlab.com") else shown
    port = "" if parts.port in (None, default) else f":{parts.port}"
    return f"{parts.scheme}://{shown}{port}"
