"""Steps and proofs to and from JSON columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from assay.browser.model import LocatorBundle
from assay.cases.model import Proof, Step

_STEPS = TypeAdapter(tuple[Step, ...])
_PROOF = TypeAdapter(Proof)
_BUNDLE = TypeAdapter(LocatorBundle)


def dump_steps(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Steps as plain JSON values, defaults left out."""
    dumped: list[dict[str, Any]] = _STEPS.dump_python(
        tuple(steps), mode="json", exclude_defaults=True
    )
    return dumped


def load_steps(data: Sequence[dict[str, Any]]) -> tuple[Step, ...]:
    """Steps from what ``dump_steps`` gave."""
    return _STEPS.validate_python(data, strict=False)


def dump_proof(proof: Proof) -> dict[str, Any]:
    """A proof as plain JSON values."""
    dumped: dict[str, Any] = _PROOF.dump_python(proof, mode="json")
    return dumped


def load_proof(data: dict[str, Any]) -> Proof:
    """A proof from what ``dump_proof`` gave."""
    return _PROOF.validate_python(data, strict=False)


def dump_bundle(bundle: LocatorBundle) -> dict[str, Any]:
    """A locator bundle as plain JSON values."""
    dumped: dict[str, Any] = _BUNDLE.dump_python(bundle, mode="json")
    return dumped


def load_bundle(data: dict[str, Any]) -> LocatorBundle:
    """A locator bundle from what ``dump_bundle`` gave."""
    return _BUNDLE.validate_python(data, strict=False)


def signature(steps: Sequence[Step]) -> str:
    """What makes two tests of one application the same: what is done and what is checked.

    Names, wording and locators do not count, so that a test written twice is found again.
    """
    parts = [
        [
            step.kind,
            step.value,
            step.target.fingerprint.role if step.target else "",
            step.target.fingerprint.name if step.target else "",
            step.assertion.kind.value if step.assertion else "",
            step.assertion.text if step.assertion else "",
            step.assertion.number if step.assertion else 0,
        ]
        for step in steps
    ]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
