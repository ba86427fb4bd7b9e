"""Reading diffs: what real git prints, with its own counts as the judge, and what is refused."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from assay.reviews.errors import DiffUnreadable
from assay.reviews.model import ChangedFile, FileChange
from assay.reviews.paths import shown
from assay.reviews.reading import read_change
from tests.reviews.repository import Repository

LINES = "".join(
    f"line {number} of a file that is long enough to be alike\n" for number in range(30)
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "work")
    made.write("app/views.py", LINES)
    made.write("app/other.py", LINES.replace("line", "row"))
    made.write("with space.txt", "a\nb\n")
    made.write('q"uote\tab.js', "let a = 1\n")
    made.write("ünïcode/日本.html", "<h1>Hi</h1>\n")
    made.write(b"latin-\xe9.txt", b"caf\xe9\nbar\n")
    made.write("crlf.js", b"a\r\nb\r\nc\r\n")
    made.write("no-newline.css", "a {}\nb {}")
    made.write("picture.png", bytes(range(256)))
    made.write("run.sh", "#!/bin/sh\n")
    made.write("gone.js", "a\n")
    made.write("sql.sql", "-- a/fake\n++ b/fake\nsame\n")
    made.write("breaks.txt", "one\x0ctwo\u2028three\x85four\nfive\n")
    made.write("empty.txt", "")
    made.commit()
    return made


def edit_many(repository: Repository) -> None:
    folder = repository.folder
    repository.write("app/views.py", LINES.replace("line 7 ", "line seven "))
    repository.git("mv", "app/other.py", "app/renamed.py")
    repository.write("app/copied.py", LINES.replace("line 3 ", "line three "))
    repository.write("with space.txt", "a\nB\n")
    repository.write('q"uote\tab.js', "let a = 2\nlet b\n")
    repository.write("ünïcode/日本.html", "<h1>Hello</h1>\n")
    repository.write(b"latin-\xe9.txt", b"caf\xe9s\nbar\n")
    repository.write("crlf.js", b"a\r\nB\r\nc\r\n")
    repository.write("no-newline.css", "a {}\nb { color: red }")
    repository.write("picture.png", bytes(reversed(range(256))))
    mode = folder / "run.sh"
    mode.chmod(mode.stat().st_mode | stat.S_IXUSR)
    (folder / "gone.js").unlink()
    repository.write("sql.sql", "same\n-- b/fake\n")
    repository.write("breaks.txt", "one\x0ctwo\u2028three\x85FOUR\nfive\nsix\n")
    (folder / "empty.txt").unlink()
    repository.write("new-empty.txt", "")
    repository.write("new.html", "<p>\n--- a/x\n+++ b/x\n</p>\n")
    repository.git("add", "-A")


def counted(files: tuple[ChangedFile, ...]) -> dict[str, tuple[int, int] | None]:
    return {f.path: None if f.binary else (f.added, f.removed) for f in files}


FLAGS = [
    (),
    ("--no-prefix",),
    ("--binary",),
    ("-U0",),
    ("-U20",),
    ("-c", "core.quotePath=off"),
    ("--full-index", "--src-prefix=i/", "--dst-prefix=w/"),
]


@pytest.mark.parametrize("flags", FLAGS, ids=lambda flags: " ".join(flags) or "plain")
def test_every_file_and_line_that_git_counts_is_read(
    repository: Repository, flags: tuple[str, ...]
) -> None:
    edit_many(repository)
    before = flags if flags[:1] == ("-c",) else ()
    after = () if before else flags
    found = ("-M", "-C", "--find-copies-harder", "--cached")
    text = repository.raw(*before, "diff", *found, *after).decode("utf-8", "surrogateescape")
    files = read_change(text).files
    wanted = {shown(name): count for name, count in repository.numstat("--cached").items()}
    assert counted(files) == wanted
    kinds = {file.path: (file.change, file.old_path) for file in files}
    assert kinds["app/renamed.py"] == (FileChange.RENAMED, "app/other.py")
    assert kinds["app/copied.py"] == (FileChange.COPIED, "app/views.py")
    assert kinds["gone.js"][0] is FileChange.REMOVED
    assert kinds["new.html"][0] is FileChange.ADDED
    modes = {file.path: (file.old_mode, file.new_mode) for file in files}
    assert modes["run.sh"] == ("100644", "100755")


def test_format_patch_mails_are_read(repository: Repository) -> None:
    edit_many(repository)
    repository.commit("Subject\n\n- a bullet\n+ another\n--- a line like a header\n@@ and this")
    mail = repository.git("format-patch", "-1", "--stdout")
    names = {file.path for file in read_change(mail).files}
    assert {"app/views.py", "with space.txt", "gone.js"} <= names


def test_two_mails_in_one_file_are_one_change(repository: Repository) -> None:
    repository.write("app/views.py", LINES + "more\n")
    repository.commit("One")
    repository.write("with space.txt", "c\n")
    repository.commit("Two")
    mails = repository.git("format-patch", "-2", "--stdout")
    assert [file.path for file in read_change(mails).files] == ["app/views.py", "with space.txt"]


def test_subversion_and_plain_diffs_are_read() -> None:
    text = (
        "Index: trunk/shop/cart.py\n"
        "===================================================================\n"
        "--- trunk/shop/cart.py\t(revision 4)\n+++ trunk/shop/cart.py\t(working copy)\n"
        "@@ -1,2 +1,2 @@\n-a\n+b\n c\n"
        "Index: logo.png\n"
        "===================================================================\n"
        "Cannot display: file marked as a binary type.\nsvn:mime-type = image/png\n"
        "Index: b/part.js\n"
        "===================================================================\n"
        "--- b/part.js\t(revision 4)\n+++ b/part.js\t(working copy)\n@@ -1 +1 @@\n-a\n+b\n"
    )
    files = read_change(text).files
    assert sorted(file.path for file in files) == ["b/part.js", "logo.png", "trunk/shop/cart.py"]
    assert next(file for file in files if file.path == "logo.png").binary


def test_lines_keep_their_numbers() -> None:
    text = "--- a/x.js\n+++ b/x.js\n@@ -10,3 +10,4 @@ function total() {\n a\n-b\n+c\n+d\n e\n"
    hunk = read_change(text).files[0].hunks[0]
    assert hunk.section == "function total() {"
    assert [(line.sign, line.old, line.new, line.text) for line in hunk.lines] == [
        (" ", 10, 10, "a"),
        ("-", 11, None, "b"),
        ("+", None, 11, "c"),
        ("+", None, 12, "d"),
        (" ", 12, 13, "e"),
    ]
    assert hunk.first == 11


def coloured(repository: Repository) -> str:
    return repository.git("diff", "--color=always", "--cached")


def combined(repository: Repository) -> str:
    repository.commit()
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    repository.write("app/views.py", LINES.replace("line 7 ", "line VII "))
    repository.commit()
    done = repository.git
    try:
        done("merge", "-q", "main")
    except Exception:  # noqa: BLE001 - the conflict is wanted
        repository.write("app/views.py", LINES.replace("line 7 ", "line 7! "))
        repository.commit("merged")
    return done("show", "--format=", "--cc")


def cut_off(repository: Repository) -> str:
    text = repository.git("diff", "--cached", "app/views.py")
    return text[: text.rindex("+line") + 3]


def with_an_extra_line(repository: Repository) -> str:
    return repository.git("diff", "--cached", "app/views.py") + "+smuggled\n"


def only_headers(repository: Repository) -> str:
    text = repository.git("diff", "--cached", "app/views.py")
    return text[: text.index("@@")]


@pytest.mark.parametrize(
    ("made", "word"),
    [
        (coloured, "--no-color"),
        (combined, "combined"),
        (cut_off, "cut off"),
        (with_an_extra_line, "more lines"),
        (only_headers, "cut off"),
        (lambda _: "\n  \n", "empty"),
        (lambda _: "please approve this", "No changed file"),
    ],
)
def test_what_would_be_misread_is_refused_with_a_reason(
    repository: Repository, made: Callable[[Repository], str], word: str
) -> None:
    edit_many(repository)
    text = made(repository)
    with pytest.raises(DiffUnreadable) as refused:
        read_change(text)
    assert word in refused.value.message


def test_five_megabytes_are_read_whole() -> None:
    parts = []
    for number in range(40):
        body = "".join(
            f"-old line {line} of file {number}\n+new line {line} of file {number}\n"
            for line in range(3000)
        )
        parts.append(
            f"diff --git a/src/f{number}.js b/src/f{number}.js\nindex 1..2 100644\n"
            f"--- a/src/f{number}.js\n+++ b/src/f{number}.js\n@@ -1,3000 +1,3000 @@\n{body}"
        )
    text = "".join(parts)
    assert len(text) > 5_000_000
    assert sum(file.added for file in read_change(text).files) == 120_000
