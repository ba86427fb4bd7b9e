"""The OpenAPI document that the server generates holds all that the Chat API contract demands."""

from __future__ import annotations

from assay.web.app import create_app
from tests.contract.comparing import lacking
from tests.contract.test_comparing import CONTRACT


def test_the_generated_document_holds_the_contract() -> None:
    assert lacking(CONTRACT, create_app(None).openapi()) == []
