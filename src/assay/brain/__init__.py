"""Which brain answers a chat message, how plain English is understood, and secrets kept out of it."""

from __future__ import annotations

from assay.brain.credentials import Credential, CredentialKind, extract
from assay.brain.intents import Context, Intent
from assay.brain.port import Brain, BrainSettings, choose
from assay.brain.understanding import understand

__all__ = [
    "Brain",
    "BrainSettings",
    "Context",
    "Credential",
    "CredentialKind",
    "Intent",
    "choose",
    "extract",
    "understand",
]
