"""Taking credentials out of messages before they are stored, and keeping them as configs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assay.brain.credentials import Credential, CredentialKind, extract
from assay.chats.model import Choice
from assay.projects.configs import create_config, find_login, open_credentials
from assay.projects.model import ConfigKind
from assay.storage import SecretBox, WriteSession


@dataclass(frozen=True)
class Cleaning:
    """A ``chats.service.Cleaner``: the text it gives names configs instead of secrets."""

    box: SecretBox

    async def __call__(
        self, session: WriteSession, project_id: str, choices: Sequence[Choice], text: str
    ) -> str:
        known = await open_credentials(session, self.box, project_id, None)
        clean, found = extract(text, {one.username: one.name for one in known if one.username})
        application_id = choices[0].application_id if choices else None
        for credential in found:
            stored = await self._keep(session, project_id, application_id, credential)
            if stored != credential.name:
                clean = clean.replace(f"config “{credential.name}”", f"config “{stored}”")
        return clean

    async def _keep(
        self,
        session: WriteSession,
        project_id: str,
        application_id: str | None,
        credential: Credential,
    ) -> str:
        """Store a credential unless it is there already; gives the name of its config."""
        if credential.kind is CredentialKind.TOKEN:
            kind, values = ConfigKind.VALUES, {"token": credential.password}
        else:
            basic = credential.kind is CredentialKind.HTTP_BASIC
            kind = ConfigKind.HTTP_BASIC if basic else ConfigKind.USERNAME_PASSWORD
            values = {"username": credential.username, "password": credential.password}
            same = await find_login(
                session,
                self.box,
                project_id,
                application_id,
                username=credential.username,
                password=credential.password,
            )
            if same is not None and not basic:
                return same.name
        config = await create_config(
            session,
            self.box,
            project_id,
            name=credential.name,
            kind=kind,
            values=values,
            application_id=application_id,
            rename=True,
        )
        return config.name
