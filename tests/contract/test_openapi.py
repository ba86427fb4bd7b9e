"""The OpenAPI document that the server generates holds all that the Chat API contract demands."""

from __future__ import annotations

import pytest

from tests.contract.comparing import lacking
from tests.contract.test_comparing import CONTRACT


def test_the_generated_document_holds_the_contract() -> None:
    web = pytest.importorskip("assay.web.app")
    assert lacking(CONTRACT, web.openapi()) == []
