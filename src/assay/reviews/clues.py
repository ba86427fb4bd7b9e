"""What a change touches, read from its hunks: texts, routes, names, words and copy edits; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from assay.atlas.words import stem
from assay.kernel.redaction import MASK
from assay.reviews.literals import Literal, extension, holes, literals, skeleton, spoken
from assay.reviews.model import Change, ChangedFile, Hunk, Line
from assay.reviews.secrets_in_code import masked

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]{2,}")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\W_]+")
_SEGMENT = r"(?:[\w.~%-]+|[<{\[(:$*^][^/\s]*)"
_PATH = re.compile(rf"^(?:[a-z]+://[^/]+)?/?{_SEGMENT}(?:/{_SEGMENT})*/?$|^/$")
_ROUTER = re.compile(
    r"\b(?:route|path|re_path|url|get|post|put|patch|delete|fetch|redirect|navigate|push|replace|"
    r"href|action|to|request|axios|ajax|open|href_for)\b\W{0,3}",
    re.IGNORECASE,
)
_HOLE = re.compile(r"[<{\[(:$*^]")
_LINKING = frozenset({"href", "action", "to", "formaction", "routerlink", "hx-get", "hx-post"})
_NAMING = frozenset(
    {"id", "name", "for", "htmlfor", "data-testid", "data-test", "data-test-id", "data-cy"}
)
_MAX_TEXTS = 400
# A file with more changed lines than this was moved or generated rather than edited.
_MOST_LINES, _MOST_LINES_IN_ALL = 1500, 6000
# Words that stand in paths and code of any application and so tell nothing of a feature.
COMMON = frozenset(
    "src app apps lib libs view views template templates index main static public asset assets js "
    "css ts tsx jsx py html php rb go java util utils helper helpers common core base component "
    "components container containers page pages module modules model models controller controllers "
    "service services handler handlers route routes router routing server client web www site "
    "sites package packages venv python node vendor dist build test tests spec config settings "
    "init style styles script scripts def class function return self this const let var import "
    "from export default true false none null undefined async await for while not and else elif "
    "try except with lambda yield pass raise new throw catch switch case break continue the that "
    "int str string bool float list dict object array number any void type interface public "
    "private protected final type value values data item items name key args kwargs request "
    "response params param props state event element node result results get set add form forms "
    "div span label input button select option table body head title href action method post "
    "user error errors message messages text context content block endblock extends include endif "
    "endfor url link print len range map filter reduce find length push join split format require "
    "module exports document window console log query update create delete field fields options "
    "num num_ per min max sum total_ number code file files path line lines bottom top left right "
    "django flask react angular vue contrib node_modules site_packages examples example".split()
)


@dataclass(frozen=True, slots=True)
class CopyEdit:
    """A text that the change replaced by another on a line that is otherwise the same."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class FileClues:
    """What the hunks of one file touch. ``removed`` and ``added`` are texts of those lines;
    ``file`` has the hunks themselves, as far as they were read.

    ``routes`` are those of the hunks with what stands around the changed lines; ``made`` are those
    that the change brings.
    """

    path: str
    removed: tuple[str, ...]
    added: tuple[str, ...]
    routes: tuple[str, ...]
    made: tuple[str, ...]
    names: tuple[str, ...]
    words: tuple[str, ...]
    file: ChangedFile = field(repr=False)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.removed, *self.added)))


@dataclass(frozen=True, slots=True)
class Clues:
    """What a whole change touches."""

    files: tuple[FileClues, ...]
    copy_edits: tuple[CopyEdit, ...]

    @property
    def removed(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for file in self.files for text in file.removed))

    @property
    def added(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for file in self.files for text in file.added))

    def lines(self, sign: str) -> list[str]:
        """The lines that the change adds (``+``) or removes (``-``)."""
        return [
            line.text
            for file in self.files
            for hunk in file.file.hunks
            for line in hunk.lines
            if line.sign == sign
        ]


def clues_of(change: Change) -> Clues:
    """The clues of the files that matter to the running application."""
    files = _bounded(change.running)
    edits = dict.fromkeys(edit for file in files for edit in _edits(file))
    return Clues(tuple(_of_file(file) for file in files), tuple(edits))


def _bounded(files: Iterable[ChangedFile]) -> list[ChangedFile]:
    """The files with no more hunks than can be read in a moment, the first ones of each."""
    kept, left = [], _MOST_LINES_IN_ALL
    for file in files:
        room, hunks = min(left, _MOST_LINES), []
        for hunk in file.hunks:
            if room <= 0:
                break
            hunks.append(Hunk(hunk.section, hunk.lines[:room]))
            room -= len(hunk.lines)
            left -= min(left, len(hunk.lines))
        kept.append(replace(file, hunks=tuple(hunks)))
    return kept


def _of_file(file: ChangedFile) -> FileClues:
    removed: dict[str, None] = {}
    added: dict[str, None] = {}
    routes: dict[str, str] = {}
    names: dict[str, None] = {}
    words: dict[str, int] = {}
    for line, literal in _literals(file):
        texts = removed if line.sign == "-" else added
        if line.sign != " " and len(texts) < _MAX_TEXTS:
            texts.update(dict.fromkeys(spoken(literal)))
        if literal.kind in _NAMING and line.sign != " ":
            names[literal.text] = None
        route = _route(literal, line.text)
        if route:
            routes[route] = "+" if line.sign == "+" and routes.get(route, "+") == "+" else " "
    for hunk in file.hunks:
        for word in words_of(hunk.section):
            words[word] = words.get(word, 0) + 2
        for line in hunk.lines:
            if line.sign != " ":
                for found in _IDENTIFIER.findall(line.text[:2000]):
                    for word in words_of(found):
                        words[word] = words.get(word, 0) + 1
    path_words = words_of(_telling(file.path))
    ranked = sorted(words, key=lambda word: -words[word])[:40]
    return FileClues(
        file.path,
        tuple(removed),
        tuple(added),
        tuple(routes)[:40],
        tuple(route for route, sign in routes.items() if sign == "+")[:10],
        tuple(names)[:60],
        tuple(dict.fromkeys((*path_words, *ranked))),
        file,
    )


def _literals(file: ChangedFile) -> Iterator[tuple[Line, Literal]]:
    """Literals of the changed lines, and of what stands right around them."""
    for hunk in file.hunks:
        for line in hunk.lines:
            # Minified files have lines of megabytes that nobody wrote.
            for literal in literals(masked(line.text[:4000]), file.path):
                if MASK not in literal.text:
                    yield line, literal


def _telling(path: str) -> str:
    """The part of a path that can name a feature: its last three folders and the file's name."""
    after = re.split(r"(?:site-packages|node_modules)/", path)[-1]
    return " ".join(after.split("/")[-4:]).rsplit(".", 1)[0]


def words_of(text: str) -> tuple[str, ...]:
    """The words of an identifier, path or sentence that could name a feature, in lower case."""
    parts = (part.lower() for part in _CAMEL.split(text))
    return tuple(
        dict.fromkeys(
            part for part in parts if len(part) > 2 and part.isalpha() and part not in COMMON
        )
    )


def stems_of(words: Iterable[str]) -> frozenset[str]:
    """Words without their endings, so that ``pagination`` and ``paginator`` can meet."""
    return frozenset(stem(word) for word in words)


def _route(literal: Literal, line: str) -> str:
    """The route that a literal names, with ``*`` for what is filled in; empty if it is none."""
    text = literal.text.strip()
    if len(text) > 200 or " " in text or not _PATH.match(text):
        return ""
    rooted = text.startswith(("/", "http"))
    if not rooted and not (literal.kind in _LINKING or ("/" in text and _ROUTER.search(line))):
        return ""
    bare = re.sub(r"^[a-z]+://[^/]+", "", text)
    if extension(bare) in {"html", "png", "svg", "css", "js", "jpg", "gif", "ico"} and not rooted:
        return ""
    segments = ["*" if _HOLE.search(part) else part for part in bare.strip("/").split("/")]
    route = "/" + "/".join(segments)
    return route if route != "/" or literal.kind in _LINKING else ""


def _edits(file: ChangedFile) -> Iterator[CopyEdit]:
    for hunk in file.hunks:
        for old, new in _replaced(hunk):
            yield from _edit(old, new, file.path)


def _replaced(hunk: Hunk) -> Iterator[tuple[str, str]]:
    """Lines that stand in one another's place."""
    removed: list[str] = []
    added: list[str] = []
    for line in (*hunk.lines, Line(" ", None, None, "")):
        if line.sign == "-" and not added:
            removed.append(line.text)
        elif line.sign == "+":
            added.append(line.text)
        else:
            if len(removed) == len(added):
                yield from zip(removed, added, strict=True)
            removed, added = ([line.text] if line.sign == "-" else []), []


def _edit(old: str, new: str, path: str) -> Iterator[CopyEdit]:
    before, after = literals(old[:4000], path), literals(new[:4000], path)
    if len(before) != len(after) or skeleton(old, path) != skeleton(new, path):
        return
    for first, second in zip(before, after, strict=True):
        was, now = spoken(first), spoken(second)
        if first.kind != second.kind or len(was) != len(now) or holes(first) != holes(second):
            continue
        for one, other in zip(was, now, strict=True):
            # Another number is never mere wording.
            if one != other and re.findall(r"\d+", one) == re.findall(r"\d+", other):
                yield CopyEdit(one, other)
