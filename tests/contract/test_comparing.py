"""The comparison itself: it passes what is equal in other words, and finds what is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.comparing import lacking

CONTRACT: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("chat-api.yaml").read_text())


def changed(change: Callable[[dict[str, Any]], object]) -> list[str]:
    """What is lacking once the contract itself was changed and taken for the generated one."""
    document = copy.deepcopy(CONTRACT)
    change(document)
    return lacking(CONTRACT, document)


def schemas(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"]
    return found


def test_the_contract_is_enough_for_itself() -> None:
    assert lacking(CONTRACT, CONTRACT) == []


def test_the_same_in_other_words_is_enough() -> None:
    def reword(document: dict[str, Any]) -> None:
        pull = schemas(document)["ChangeReviewByPullRequest"]["properties"]
        pull["mode"] = {"const": "pr", "type": "string"}
        answer = schemas(document)["ChatConversationResponse"]
        answer["properties"]["title"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}
        answer["required"] = [*answer["required"], "title", "messages"]
        answer["properties"]["more"] = {"type": "string"}
        document["paths"]["/v1/chat"]["post"]["responses"]["429"] = {}

    assert changed(reword) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["paths"].pop("/v1/chat"),
        lambda d: d["paths"]["/v1/chat"]["post"].update(operationId="Talk"),
        lambda d: d["paths"]["/v1/chat"]["post"]["responses"].update({"422": {}}),
        lambda d: d["paths"]["/v1/chat"]["post"]["responses"].pop("404"),
        lambda d: schemas(d)["ChatRequest"]["required"].append("projectShortId"),
        lambda d: schemas(d)["ChatRequest"]["properties"]["message"].update(minLength=2),
        lambda d: schemas(d)["ChatMessageItem"]["properties"]["status"]["enum"].append("LOST"),
        lambda d: schemas(d)["ChatMessageItem"]["required"].remove("text"),
        lambda d: schemas(d)["ChatConversationResponse"]["properties"]["title"].pop("nullable"),
        lambda d: schemas(d)["EnvironmentShortId"].update(pattern="^env_.+$"),
        lambda d: schemas(d)["ChangeReviewByRawChanges"]["properties"].pop("changes"),
        lambda d: d["components"]["securitySchemes"].pop("BearerAuth"),
    ],
)
def test_what_falls_short_is_found(change: Callable[[dict[str, Any]], object]) -> None:
    assert changed(change)
