"""Keeping and reading app maps. Exploring itself (browser work) happens outside any session."""

from __future__ import annotations

from dataclasses import replace

from assay.atlas import store
from assay.atlas.model import ActionEdge, AppMap, Finding, Form, State
from assay.kernel.clock import now
from assay.kernel.redaction import Redactor
from assay.projects.model import Target
from assay.storage import ReadSession, WriteSession


async def keep(session: WriteSession, target: Target, known: AppMap) -> int:
    """Store what an exploration learnt; doing it twice changes nothing more.

    Returns how many of its findings were not known before.
    """
    # A page may print what was typed into it.
    redactor = Redactor(target.secrets, names=target.user_names)
    return await store.save_map(
        session, target.application_id, target.environment_id, known, now(), redactor
    )


async def recall(session: ReadSession, environment_id: str) -> AppMap | None:
    """The app map of an environment, or None when it was never explored."""
    return await store.load_map(session, environment_id)


def merge(old: AppMap | None, new: AppMap) -> AppMap:
    """A map with everything of both; the newer description of a part wins."""
    if old is None:
        return new
    states: dict[str, State] = {item.id: item for item in (*old.states, *new.states)}
    edges: dict[str, ActionEdge] = {item.id: item for item in (*old.actions, *new.actions)}
    forms: dict[str, Form] = {item.id: item for item in (*old.forms, *new.forms)}
    findings: dict[str, Finding] = {
        item.fingerprint: item for item in (*old.findings, *new.findings)
    }
    return replace(
        new,
        states=tuple(states.values()),
        actions=tuple(edges.values()),
        forms=tuple(forms.values()),
        findings=tuple(findings.values()),
    )
