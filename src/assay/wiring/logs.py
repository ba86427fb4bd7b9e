"""Logs to standard error, with everything masked that must not stand in them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from assay.kernel.redaction import MASK, Redactor
from assay.settings import Settings

Mask = Callable[[str], str]

# API keys, session and sign-in tokens, and whatever stands as a bearer token.
_TOKENS = re.compile(r"assay_[0-9A-Za-z]{20,}|(?<=[?&]token=)[0-9A-Za-z]{20,}")
_BEARER = re.compile(r"(?i)(?<=bearer )[^\s\"',]{8,}")
_IN_URL = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")

# Libraries that write what passes through them, statements with their values or requests with
# their bodies, as soon as anybody asks for DEBUG.
_TALKATIVE = ("aiosqlite", "httpcore", "httpx", "openai", "anthropic", "python_multipart", "dbos")


class Masks:
    """What the logs of this process must not show; it learns the secrets of projects at work."""

    def __init__(self, settings: Settings) -> None:
        own = Redactor([settings.model_key, settings.secret_key, settings.api_key])
        self._masks: dict[str, Mask] = {"": own.mask}

    def learn(self, project_id: str, mask: Mask) -> None:
        """Mask the secrets of a project from now on, as they are by now."""
        self._masks[project_id] = mask

    def mask(self, text: str) -> str:
        """The text without secrets."""
        text = _TOKENS.sub(MASK, text)
        text = _BEARER.sub(MASK, text)
        text = _IN_URL.sub(rf"\1:{MASK}@", text)
        for mask in list(self._masks.values()):
            text = mask(text)
        return text


class MaskingFormatter(logging.Formatter):
    """Masks the whole line, so that arguments and tracebacks are covered too."""

    def __init__(self, masks: Masks) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._masks = masks

    def format(self, record: logging.LogRecord) -> str:
        return self._masks.mask(super().format(record))


def log_to_stderr(settings: Settings, masks: Masks) -> None:
    """Send the logs of this process to standard error from the set level on."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter(masks))
    logging.basicConfig(level=settings.log_level, handlers=[handler])
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.getLogger().level))
