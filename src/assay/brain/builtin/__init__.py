"""The brain that needs no key: rules instead of a language model, behind the same interface."""

from __future__ import annotations

from assay.brain.builtin.model import BuiltinModel
from assay.brain.builtin.words import DONE, HELP

__all__ = ["DONE", "HELP", "BuiltinModel"]
