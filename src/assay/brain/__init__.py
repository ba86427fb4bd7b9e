"""How plain English is understood, secrets kept out of it, and which brain answers.

What needs pydantic-ai (``port``, ``builtin``) is imported by itself: loading it takes a second.
"""

from __future__ import annotations

from assay.brain.credentials import Credential, CredentialKind, extract
from assay.brain.intents import Context, Intent
from assay.brain.understanding import understand
from assay.brain.wanted import BrainSettings

__all__ = [
    "BrainSettings",
    "Context",
    "Credential",
    "CredentialKind",
    "Intent",
    "extract",
    "understand",
]
