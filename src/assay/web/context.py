"""What the web layer works with, made by the composition root and kept on the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, cast

from fastapi import Depends, Request

from assay.accounts.model import Principal
from assay.chats.service import Chats
from assay.jobs import Jobs
from assay.reviews.publishing import Connections, Triggers
from assay.runs.service import RunsService
from assay.settings import Settings
from assay.storage import ArtifactStore, Database, SecretBox


@dataclass(frozen=True)
class Services:
    """The services that routes call."""

    settings: Settings
    database: Database
    box: SecretBox
    artifacts: ArtifactStore
    jobs: Jobs
    chats: Chats
    runs: RunsService
    connections: Connections
    triggers: Triggers


def services_of(request: Request) -> Services:
    """The services of the app that answers this request."""
    return cast(Services, request.app.state.services)


def principal_of(request: Request) -> Principal:
    """Who sent this API request; the gate has put it there."""
    return cast(Principal, request.state.principal)


Served = Annotated[Services, Depends(services_of)]
Caller = Annotated[Principal, Depends(principal_of)]
