"""Credentials that stand in a message become configs before the message is stored."""

from __future__ import annotations

from collections.abc import Sequence

from assay.brain.credentials import Credential, CredentialKind, extract
from assay.chats.model import Choice
from assay.kernel.redaction import Redactor
from assay.projects import configs
from assay.projects.mentions import find_application_for
from assay.projects.model import Config, ConfigKind
from assay.projects.model import Credential as Opened
from assay.storage import ReadSession, SecretBox, WriteSession


class CredentialKeeper:
    """A ``Cleaner`` that keeps what it takes out, sealed, in the accepting transaction.

    A config belongs to the application that the message is about, when that is known; sending the
    same credentials again finds the same config.
    """

    def __init__(self, box: SecretBox) -> None:
        self._box = box

    async def __call__(
        self, session: WriteSession, project_id: str, choices: Sequence[Choice], text: str
    ) -> str:
        """The text as it may be stored."""
        if not extract(text)[1]:
            return text
        application_id = await self._application(session, project_id, choices, text)
        opened = await configs.open_credentials(session, self._box, project_id, application_id)
        known = {each.username: each.name for each in opened if each.username}
        cleaned, found = extract(text, known)
        for credential in found:
            config = await self._keep(session, project_id, application_id, credential)
            if config.name != credential.name:
                cleaned = cleaned.replace(f"“{credential.name}”", f"“{config.name}”")
        return cleaned

    async def mask(self, session: ReadSession, project_id: str, text: str) -> str:
        """The text with the secrets that the project's configs hold blacked out."""
        if not text:
            return text
        opened = await configs.open_credentials(session, self._box, project_id, None)
        return redactor_of(opened).mask(text)

    async def _application(
        self, session: WriteSession, project_id: str, choices: Sequence[Choice], text: str
    ) -> str | None:
        if choices:
            return choices[0].application_id
        mentioned = await find_application_for(session, project_id, text)
        return mentioned.application.id if mentioned.application else None

    async def _keep(
        self,
        session: WriteSession,
        project_id: str,
        application_id: str | None,
        credential: Credential,
    ) -> Config:
        kind, values = _values(credential)
        if credential.existing:
            for config in await configs.list_configs(session, project_id, application_id):
                if config.name == credential.name and config.kind is kind:
                    await configs.replace_values(session, self._box, config, values)
                    return config
        return await configs.create_config(
            session,
            self._box,
            project_id,
            name=credential.name,
            kind=kind,
            values=values,
            application_id=application_id,
            rename=True,
        )


def redactor_of(opened: Sequence[Opened]) -> Redactor:
    """Blacks out every secret of these configs; user names are none."""
    secrets = [
        value
        for one in opened
        for name, value in {"password": one.password, **one.values}.items()
        if name != "username" and value
    ]
    return Redactor(secrets, names=[one.username for one in opened])


def _values(credential: Credential) -> tuple[ConfigKind, dict[str, str]]:
    if credential.kind is CredentialKind.TOKEN:
        return ConfigKind.VALUES, {"token": credential.password}
    if not credential.username:
        return ConfigKind.VALUES, {"password": credential.password}
    kind = (
        ConfigKind.HTTP_BASIC
        if credential.kind is CredentialKind.HTTP_BASIC
        else ConfigKind.USERNAME_PASSWORD
    )
    return kind, {"username": credential.username, "password": credential.password}
