"""Tests of a project with what their exported folder needs to know of it, as one archive."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

from assay import projects
from assay.cases.export.suite import Format, Setting, export
from assay.cases.export.templates import environment_name
from assay.cases.model import TestCase
from assay.kernel.redaction import Redactor
from assay.projects.model import Target
from assay.storage import ReadSession, SecretBox


async def archive(
    session: ReadSession, box: SecretBox, cases: Sequence[TestCase], style: Format
) -> bytes:
    """A zip with the tests, ready to run: at its top, or a folder each for several applications.

    Raises what opening an application's default environment raises.
    """
    grouped: dict[str, list[TestCase]] = {}
    for case in cases:
        grouped.setdefault(case.application_id, []).append(case)
    files: dict[str, bytes] = {}
    for application_id, own in grouped.items():
        place = await projects.place_of(session, own[0].project_id, application_id)
        target = await projects.target(session, box, place)
        conceal = Redactor(target.secrets, names=target.user_names).mask
        folder = f"{_slug(target.application_name, files)}/" if len(grouped) > 1 else ""
        made = export(own, setting_of(target), style, conceal)
        files |= {f"{folder}{path}": content for path, content in made.items()}
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as packed:
        for path, content in sorted(files.items()):
            # Without the time of day the same tests give the same bytes.
            packed.writestr(zipfile.ZipInfo(path), content)
    return sink.getvalue()


def setting_of(target: Target) -> Setting:
    """Where exported tests of a target run, and which values may not be written."""
    secrets = {
        value: environment_name(credential.name, name)
        for credential in target.credentials
        for name, value in {**credential.values, "password": credential.password}.items()
        if value and name != "username" and value not in target.user_names
    }
    return Setting(
        name=target.application_name,
        url=target.url,
        width=target.width,
        height=target.height,
        ignore_https_errors=target.ignore_https_errors,
        http_credentials=target.http_credentials is not None,
        secrets=secrets,
    )


def _slug(name: str, files: dict[str, bytes]) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "application"
    slug, count = base, 1
    while any(path.startswith(f"{slug}/") for path in files):
        count += 1
        slug = f"{base}-{count}"
    return slug
