"""Change reviews: never approved, and honest about what was read and run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from assay.cases.model import Verdict
from assay.chats.assistant.assistant import ChatAssistant
from assay.chats.assistant.diffs import ChangedFile, changed_files
from assay.chats.assistant.engine import Engine, RanTest, TestsRun
from assay.chats.assistant.errors import DiffUnreadable
from assay.chats.model import Answer, ReviewRequest, Role
from tests.assistant.doubles import MemoryTurn, ScriptedEngine, Wanted, failed, message, passed

CODE = """\
diff --git a/shop/cart.py b/shop/cart.py
index 1..2 100644
--- a/shop/cart.py
+++ b/shop/cart.py
@@ -1,3 +1,3 @@
 def total(lines):
-    return sum(lines)
+    return sum(lines) - 1
 # end
"""
DOCS = """\
--- a/README.md
+++ b/README.md
@@ -1 +1,2 @@
 # Shop
+Buy things.
--- a/docs/how.rst
+++ b/docs/how.rst
@@ -1 +1 @@
-a
+b
"""


def request(diff: str | None = CODE, **more: str) -> ReviewRequest:
    return ReviewRequest(mode="rawChanges", description="Fix totals", diff=diff, **more)


async def reviewed(asked: ReviewRequest, *tests: RanTest) -> tuple[Answer, ScriptedEngine]:
    run = TestsRun("all", tests, ("run_1",), "Preview", "https://assay.example/run_1")
    engine = ScriptedEngine(run=run)

    async def engine_for(_: MemoryTurn) -> Engine:
        return engine

    turn = MemoryTurn(asked.in_words(), review=asked)
    return await ChatAssistant(Wanted(), engine_for).answer(turn), engine


async def test_green_tests_alone_never_approve() -> None:
    answer, engine = await reviewed(request(commit_hash="abc"), passed("login"), passed("cart"))
    assert engine.calls == [("run_tests", ("all", []))]
    assert answer.text.startswith("**Could not verify**: 2 of 2 tests passed, but whether")
    assert "shop/cart.py +1 −1" in answer.text
    assert "Not checked:" in answer.text
    assert answer.title == "Review: Fix totals"
    assert answer.review == {
        "verdict": "couldNotVerify",
        "headCommit": "abc",
        "tests": {"selected": 2, "created": 0, "passed": 2, "failed": 0, "couldNotVerify": 0},
        "findings": [],
    }


async def test_a_failing_test_requests_changes() -> None:
    answer, _ = await reviewed(request(), passed("login"), failed("cart"))
    assert answer.text.startswith("**Changes requested**: 1 of 2 tests failed.")
    assert answer.outcome.verdict is Verdict.FAILED
    assert answer.review is not None
    assert answer.review["verdict"] == "changesRequested"
    assert answer.review["findings"] == [
        {
            "title": "cart: the total was 9.99 instead of 10.00.",
            "kind": "testFailed",
            "isNew": None,
            "file": None,
            "line": None,
            "testCaseId": "id-cart",
            "evidenceUrl": "https://assay.example/run_1",
        }
    ]


async def test_documentation_alone_leaves_nothing_to_test() -> None:
    answer, engine = await reviewed(request(DOCS))
    assert engine.calls == []
    assert answer.text.startswith("**Nothing to test**")
    assert answer.review is not None
    assert answer.review["verdict"] == "nothingToTest"


@pytest.mark.parametrize("diff", ["nonsense", None])
async def test_a_change_that_cannot_be_read_is_said(diff: str | None) -> None:
    answer, _ = await reviewed(request(diff), passed("login"))
    assert answer.text.startswith("**Could not verify**")
    assert "Which files changed is not known" in answer.text


async def test_without_tests_nothing_is_verified() -> None:
    answer, _ = await reviewed(request())
    assert answer.text.startswith("**Could not verify**: there are no enabled tests to run on it.")


async def test_a_pull_request_says_that_it_was_not_fetched() -> None:
    asked = ReviewRequest(mode="pr", pr_url="https://github.com/a/b/pull/1", vcs_provider="github")
    answer, _ = await reviewed(asked, passed("login"))
    assert "which were not fetched" in answer.text
    assert answer.review is not None
    assert answer.review["verdict"] == "couldNotVerify"


async def test_a_later_message_of_the_conversation_is_a_chat_message() -> None:
    engine = ScriptedEngine()

    async def engine_for(_: MemoryTurn) -> Engine:
        return engine

    past = [message(Role.USER, "Review"), message(Role.ASSISTANT, "Could not verify")]
    turn = MemoryTurn("run all tests", past=past, review=request())
    answer = await ChatAssistant(Wanted(), engine_for).answer(turn)
    assert answer.review is None
    assert answer.text.startswith("**Passed**")


def paths(files: Sequence[ChangedFile]) -> list[str]:
    return [file.path for file in files]


def test_files_of_a_diff_with_and_without_git_headers() -> None:
    assert changed_files(CODE) == (ChangedFile("shop/cart.py", 1, 1),)
    assert changed_files(DOCS) == (
        ChangedFile("README.md", 1, 0),
        ChangedFile("docs/how.rst", 1, 1),
    )


def test_renames_binaries_deletions_and_odd_names() -> None:
    diff = (
        "diff --git a/old.py b/new.py\nrename from old.py\nrename to new.py\n"
        "diff --git a/x.png b/x.png\nBinary files a/x.png and b/x.png differ\n"
        "diff --git a/gone.js b/gone.js\n--- a/gone.js\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"
        'diff --git "a/\\303\\244 b.py" "b/\\303\\244 b.py"\n'
        '--- "a/\\303\\244 b.py"\n+++ "b/\\303\\244 b.py"\n@@ -1 +1 @@\n-a\n+b\n'
        "diff --git a/with space.txt b/with space.txt\nnew file mode 100644\n"
    )
    files = changed_files(diff)
    assert paths(files) == ["new.py", "x.png", "gone.js", "ä b.py", "with space.txt"]
    assert files[0].old_path == "old.py"
    assert files[1].binary


def test_lines_that_look_like_headers_inside_a_hunk_are_content() -> None:
    diff = "--- a/x.sql\n+++ b/x.sql\n@@ -1,2 +1,2 @@\n--- a comment\n+++ b comment\n same\n"
    assert changed_files(diff) == (ChangedFile("x.sql", 1, 1),)


@pytest.mark.parametrize(
    "diff",
    ["", "no diff", "\x1b[1mdiff --git a/x b/x\x1b[m\n", "diff --cc x\n@@@ -1,1 -1,1 +1,1 @@@\n"],
)
def test_what_would_be_read_as_empty_is_refused(diff: str) -> None:
    with pytest.raises(DiffUnreadable):
        changed_files(diff)


@pytest.mark.parametrize(
    ("path", "documentation"),
    [
        ("README.md", True),
        ("docs/a/b.rst", True),
        ("LICENSE", True),
        ("CHANGELOG", True),
        ("requirements.txt", False),
        ("app/requirements-dev.txt", False),
        ("src/app.py", False),
        ("robots.txt", False),
    ],
)
def test_what_counts_as_documentation(path: str, documentation: bool) -> None:
    assert ChangedFile(path).documentation is documentation
