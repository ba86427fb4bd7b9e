"""The first turn of a change-review conversation is the review; later ones are messages."""

from __future__ import annotations

from assay.chats.assistant.assistant import ChatAssistant
from assay.chats.assistant.engine import Engine
from assay.chats.model import ReviewRequest, Role
from tests.assistant.doubles import MemoryTurn, ScriptedEngine, ScriptedReviews, Wanted, message

ASKED = ReviewRequest(mode="rawChanges", description="Fix totals", diff="--- a/x\n+++ b/x\n")


async def engine_for(_: MemoryTurn) -> Engine:
    return ScriptedEngine()


async def test_the_first_turn_is_the_review() -> None:
    reviews = ScriptedReviews("changesRequested")
    turn = MemoryTurn(ASKED.in_words(), review=ASKED)
    answer = await ChatAssistant(Wanted(), engine_for, reviews).answer(turn)
    assert reviews.asked == [ASKED]
    assert answer.review == {"verdict": "changesRequested"}


async def test_a_later_message_of_the_conversation_is_a_chat_message() -> None:
    reviews = ScriptedReviews()
    past = [message(Role.USER, "Review"), message(Role.ASSISTANT, "Could not verify")]
    turn = MemoryTurn("run all tests", past=past, review=ASKED)
    answer = await ChatAssistant(Wanted(), engine_for, reviews).answer(turn)
    assert reviews.asked == []
    assert answer.review is None
    assert answer.text.startswith("**Passed**")
