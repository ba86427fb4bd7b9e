"""A scripted engine, a turn in memory, and a provider's server on loopback."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assay.cases.model import CaseStatus, Verdict
from assay.chats.assistant.engine import (
    CertifiedTest,
    Explored,
    FoundForm,
    Known,
    LastRunTold,
    ListedCredentials,
    ListedTest,
    ListedTests,
    RanTest,
    ShownTest,
    TestsCertified,
    TestsRun,
    TestsWritten,
    WrittenTest,
)
from assay.chats.model import (
    Answer,
    Conversation,
    ConversationKind,
    Json,
    Message,
    MessageStatus,
    ReviewRequest,
    Role,
    Source,
)
from assay.kernel.redaction import Redactor

SECRET = "correct-Horse7"


def proven(name: str, **more: Any) -> WrittenTest:
    facts: dict[str, Any] = {
        "id": f"id-{name}",
        "short_id": f"test_{name}",
        "name": name,
        "status": CaseStatus.ENABLED,
        "steps": ("Open /login", "Press Sign in"),
        "proven": True,
        "replays": 3,
        "replays_green": 3,
        "mutations_tried": 4,
        "mutations_killed": 4,
    }
    return WrittenTest(**{**facts, **more})


def drafted(name: str, **more: Any) -> WrittenTest:
    facts: dict[str, Any] = {
        "status": CaseStatus.DRAFT,
        "proven": False,
        "replays": 0,
        "replays_green": 0,
        "mutations_tried": 0,
        "mutations_killed": 0,
    }
    return proven(name, **{**facts, **more})


def passed(name: str) -> RanTest:
    return RanTest(f"id-{name}", name, Verdict.PASSED, "every step did what it should")


def failed(name: str, reason: str = "the total was 9.99 instead of 10.00") -> RanTest:
    return RanTest(f"id-{name}", name, Verdict.FAILED, reason, failed_step=4)


@dataclass
class ScriptedEngine:
    """Answers from what it was given; ``calls`` is what it was asked."""

    written: TestsWritten | None = None
    run: TestsRun | None = None
    explored: Explored | None = None
    context: Known = field(default_factory=Known)
    error: Exception | None = None
    calls: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def mask(self) -> Callable[[str], str]:
        return Redactor([SECRET]).mask

    async def known(self) -> Known:
        return self.context

    def _called(self, name: str, args: Any) -> None:
        self.calls.append((name, args))
        if self.error is not None:
            raise self.error

    async def explore(self, focus: str, *, suggest: bool) -> Explored:
        self._called("explore", (focus, suggest))
        return self.explored or Explored(
            application="Shop",
            url="http://127.0.0.1:1/",
            states=12,
            actions=30,
            forms=(FoundForm("login", "Sign in", "http://127.0.0.1:1/login"),),
            suggestions=("Create tests for login",),
        )

    async def create_tests(
        self,
        features: Sequence[str],
        *,
        count: int | None,
        hints: str,
        negative: bool,
        name: str | None,
    ) -> TestsWritten:
        self._called("create_tests", (list(features), count, hints, negative, name))
        if self.written is not None:
            return self.written
        return TestsWritten(tuple(proven(name or feature) for feature in features))

    async def create_test_from_steps(self, name: str | None, text: str) -> TestsWritten:
        self._called("create_test_from_steps", (name, text))
        return self.written or TestsWritten((proven(name or "steps"),))

    async def create_variation(self, description: str) -> TestsWritten:
        self._called("create_variation", description)
        return self.written or TestsWritten((proven(description),))

    async def run_tests(self, which: str, names: Sequence[str]) -> TestsRun:
        self._called("run_tests", (which, list(names)))
        return self.run or TestsRun(which, (passed("login"),), ("run_abcdef",), "Staging")

    async def certify_tests(self, which: str, names: Sequence[str]) -> TestsCertified:
        self._called("certify_tests", (which, list(names)))
        steady = CertifiedTest(
            "id-login", "login", True, "10 of 10 replays passed", "http://a/login"
        )
        shaky = CertifiedTest("id-pay", "pay", False, "9 of 10", "", "run_abcdef")
        tests = (steady,) if "shaky" not in names else (steady, shaky)
        return TestsCertified(which, tests, drafts=("search",))

    async def list_tests(self) -> ListedTests:
        self._called("list_tests", ())
        tests = (ListedTest("id-login", "test_login", "login", CaseStatus.ENABLED, Verdict.PASSED),)
        return ListedTests(tests, "Shop")

    async def show_test(self, name: str) -> ShownTest:
        self._called("show_test", name)
        return ShownTest(name, proven(name))

    async def last_run(self, focus: str) -> LastRunTold:
        self._called("last_run", focus)
        return LastRunTold(TestsRun("all", (failed("checkout"),), ("run_1",)), "today", focus)

    async def list_credentials(self) -> ListedCredentials:
        self._called("list_credentials", ())
        return ListedCredentials(("buyer (buyer@example.com)",))


@dataclass
class MemoryTurn:
    """A turn without a database; ``notes`` is its journal, which outlives attempts when shared."""

    text: str
    notes: dict[str, Json] = field(default_factory=dict)
    past: list[Message] = field(default_factory=list)
    review: ReviewRequest | None = None
    title: str | None = None
    lines: list[str] = field(default_factory=list)
    streamed: str = ""

    def __post_init__(self) -> None:
        kind = ConversationKind.CHAT if self.review is None else ConversationKind.CHANGE_REVIEW
        now = datetime(2026, 1, 1, tzinfo=UTC)
        self.conversation = Conversation(
            id="conversation",
            short_id="chat_abcdef",
            project_id="project",
            title=self.title,
            source=Source.API,
            kind=kind,
            choices=(),
            active_turn_id="turn",
            last_seq=2,
            review_request=self.review,
            review=None,
            created_at=now,
            updated_at=now,
        )
        self.message = message(Role.USER, self.text)

    def use_mask(self, mask: Callable[[str], str]) -> None:
        self.mask = mask

    async def say(self, line: str) -> None:
        self.lines.append(line)

    async def stream(self, delta: str) -> None:
        self.streamed += delta

    async def check(self) -> None:
        return None

    async def journal(self, key: str, work: Callable[[], Awaitable[Json]]) -> Json:
        if key not in self.notes:
            self.notes[key] = json.loads(json.dumps(await work()))
        return self.notes[key]

    async def history(self, limit: int = 40) -> list[Message]:
        return list(reversed(self.past))[:limit]


def message(role: Role, text: str) -> Message:
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Message(
        id=f"{role}-{text[:8]}",
        conversation_id="conversation",
        seq=1,
        role=role,
        text=text,
        status=MessageStatus.COMPLETED,
        is_streaming=False,
        outcome=None,
        created_at=now,
        updated_at=now,
    )


@dataclass(frozen=True)
class Wanted:
    """Settings of a brain."""

    model: str = "builtin"
    model_url: str = ""
    model_key: str = ""
    model_timeout: float = 5.0


@dataclass(frozen=True)
class Reply:
    """What the provider answers to one request."""

    text: str = ""
    calls: tuple[tuple[str, dict[str, Any] | str], ...] = ()
    status: int = 200
    raw: bytes | None = None
    wait: float = 0.0
    cut: bool = False


class Provider:
    """An OpenAI-compatible server; replies in order, the last one again and again."""

    def __init__(self, *replies: Reply) -> None:
        self._replies = list(replies)
        self.bodies: list[dict[str, Any]] = []
        self.raw_bodies: list[str] = []
        self.keys: list[str] = []
        self.url = ""
        self.ended = threading.Event()

    def next(self, body: bytes, key: str) -> Reply:
        self.raw_bodies.append(body.decode())
        self.bodies.append(json.loads(body))
        self.keys.append(key)
        return self._replies[min(len(self.bodies), len(self._replies)) - 1]


@contextmanager
def serving(*replies: Reply) -> Iterator[Provider]:
    provider = Provider(*replies)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = provider.next(body, self.headers.get("Authorization", ""))
            if reply.wait:
                provider.ended.wait(reply.wait)
            _send(self, reply)

        def log_message(self, *args: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.url = f"http://127.0.0.1:{server.server_port}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        provider.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    if reply.status != 200:
        content = json.dumps({"error": {"message": "scripted", "type": "server_error"}}).encode()
        kind = "application/json"
    else:
        content = reply.raw if reply.raw is not None else b"".join(_events(reply))
        kind = "text/event-stream"
    try:
        handler.send_response(reply.status)
        handler.send_header("Content-Type", kind)
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        content = content[: len(content) // 2] if reply.cut else content
        for line in content.splitlines(keepends=True):
            handler.wfile.write(line)
            handler.wfile.flush()
    except OSError:
        # The client has given up, as it does after a timeout.
        time.sleep(0)
    handler.close_connection = True


def _events(reply: Reply) -> Iterator[bytes]:
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": part} for part in re.findall(r"\s*\S+", reply.text)]
    for index, (name, args) in enumerate(reply.calls):
        given = args if isinstance(args, str) else json.dumps(args)
        call = {"index": index, "id": f"call-{index}-{name}", "type": "function"}
        deltas.append({"tool_calls": [{**call, "function": {"name": name, "arguments": ""}}]})
        for half in (given[: len(given) // 2], given[len(given) // 2 :]):
            deltas.append({"tool_calls": [{"index": index, "function": {"arguments": half}}]})
    for delta in deltas:
        yield _event({"delta": delta, "finish_reason": None})
    yield _event({"delta": {}, "finish_reason": "tool_calls" if reply.calls else "stop"})
    yield b"data: [DONE]\n\n"


def _event(choice: dict[str, Any]) -> bytes:
    chunk = {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1767225600,
        "model": "scripted",
        "choices": [{"index": 0, **choice}],
    }
    return f"data: {json.dumps(chunk)}\n\n".encode()


class NoReviews:
    """For turns that are no reviews."""

    async def review(self, turn: Any, engine: Any, asked: ReviewRequest) -> Answer:
        raise AssertionError("this turn is no review")


class ScriptedReviews:
    """Answers every review alike; ``asked`` is what it was asked."""

    def __init__(self, verdict: str = "approved") -> None:
        self.verdict = verdict
        self.asked: list[ReviewRequest] = []

    async def review(self, turn: Any, engine: Any, asked: ReviewRequest) -> Answer:
        self.asked.append(asked)
        return Answer(f"**{self.verdict}**", review={"verdict": self.verdict})
