"""Opening a browser session for a target, the same way for authoring, scouting and replaying."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from assay.browser.port import SessionOptions
from assay.projects.model import Target


def session_options(
    target: Target,
    *,
    storage_state: Mapping[str, object] | None = None,
    evidence: Path | None = None,
    attributes: frozenset[str] = frozenset(),
) -> SessionOptions:
    """The options of a fresh context for this target; ``attributes`` are those to be asserted."""
    return SessionOptions(
        base_url=target.url,
        allowed_hosts=target.allowed_hosts,
        width=target.width,
        height=target.height,
        is_mobile=target.is_mobile,
        ignore_https_errors=target.ignore_https_errors,
        http_credentials=target.http_credentials,
        storage_state=storage_state,
        secrets=target.secrets,
        names=target.user_names,
        evidence=evidence,
        attributes=attributes,
    )
