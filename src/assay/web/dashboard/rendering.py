"""Rendering: a context in, HTML out."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from assay.kernel import clock
from assay.web.dashboard.contexts import Context, ProofPart, StepsPart

_WEB = Path(__file__).resolve().parent.parent
TEMPLATES = _WEB / "templates"
STATIC = _WEB / "static"
_OWN_FILES = ("app.css", "app.js", "vendor/htmx.min.js", "vendor/sse.min.js")


def version() -> str:
    """A short mark of the static files, so that browsers may keep them until they change."""
    found = hashlib.sha256()
    for name in _OWN_FILES:
        path = STATIC / name
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()[:12]


def _time(moment: datetime) -> Markup:
    """A moment that the page's script turns into the reader's own time."""
    shown = moment.strftime("%Y-%m-%d %H:%M UTC")
    return Markup('<time datetime="{}">{}</time>').format(clock.iso(moment), shown)


def render(context: Context) -> Markup:
    """The HTML of a page or a part of one."""
    values: dict[str, Any] = {field.name: getattr(context, field.name) for field in fields(context)}
    # The templates escape every value that is not Markup already.
    return Markup(ENVIRONMENT.get_template(context.template).render(values))


def page(context: Context, status: int = 200) -> HTMLResponse:
    """A context as the answer to a request."""
    return HTMLResponse(str(render(context)), status)


def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals.update(part=render, version=version(), steps_part=StepsPart, proof_part=ProofPart)
    found.filters["time"] = _time
    return found


ENVIRONMENT = _environment()

__all__ = ["ENVIRONMENT", "STATIC", "TEMPLATES", "page", "render", "version"]
