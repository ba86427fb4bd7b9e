"""The one form in which a message reaches either brain: what it leans on, then its words."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, fields

from assay.brain.intents import Context

_FORM = re.compile(
    r"<conversation-context>\n(.*?)\n</conversation-context>\n\n<message>\n(.*?)\n</message>\Z",
    re.DOTALL,
)
_TAG = re.compile(r"<(/?(?:conversation-context|message)\b)", re.IGNORECASE)


def compose(message: str, context: Context) -> str:
    """The user prompt of a turn; no message and no name in the context can close its frame."""
    known = {key: list(value) for key, value in asdict(context).items() if value}
    told = json.dumps(known, ensure_ascii=False).replace("<", "\\u003c")
    said = _TAG.sub(r"‹\1", message)
    return (
        f"<conversation-context>\n{told}\n</conversation-context>\n\n<message>\n{said}\n</message>"
    )


def parse(prompt: str) -> tuple[str, Context] | None:
    """The message and its context, or ``None`` when the text has another form."""
    match = _FORM.match(prompt)
    if match is None:
        return None
    told = json.loads(match.group(1))
    names = {one.name for one in fields(Context)}
    context = Context(**{key: tuple(value) for key, value in told.items() if key in names})
    return match.group(2), context
