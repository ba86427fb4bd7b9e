"""The parts of a manual test case: its name, preconditions, steps and expected results."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

_NAME = re.compile(
    r"(?is)^\s*(?:please\s+)?(?:create|write|add|make|generate|author|build)?\s*(?:me\s+)?(?:a|an|the)?\s*"
    r"(?:new\s+)?(?:manual\s+|e2e\s+|end-to-end\s+|ui\s+|automated\s+)?test(?:\s*case)?s?\s*"
    r"(?:called|named|titled|with the name|with name)?\s*:?\s*"
    r"(?:\"(?P<a>[^\"\n]+)\"|“(?P<b>[^”\n]+)”|'(?P<c>[^\n]+?)'(?!\w)|`(?P<d>[^`\n]+)`)"
    r"(?P<tail>\s*(?:(?:from|with|out of|using)?\s*(?:these|the following|this)?\s*"
    r"(?:steps?|manual test(?: case)?)?)\s*)"
    r"[.:,]?\s*"
)
_TITLE = re.compile(
    r"(?im)^\s*(?:#+\s*)?(?:test\s*case|title|name|test name|scenario|summary)\s*(?:id)?"
    r"\s*:\s*(?P<t>\S.*)$"
)
_LABEL = re.compile(
    r"(?im)(?:^|(?<=[\s.;!?*]))[*_#]*(?P<label>pre-?\s?conditions?|prerequisites?|pre-?reqs?|set-?\s?up|"
    r"test\s+steps|steps(?:\s+to\s+(?:reproduce|follow|execute))?|actions|procedure|"
    r"expected(?:\s+(?:results?|outcomes?|behaviou?r|output))?|expect|then\s+expect|"
    r"(?-i:Results?)(?=:)|(?<!\w\s)results?(?=:)|outcome|"
    r"post-?\s?conditions?|test\s+data|notes?)[*_]*\s*:[*_]*\s*"
)
_NUMBERED = re.compile(r"^\s*(?:step\s*)?(?P<n>\d{1,3})\s*[.):\-]\s+(?=\S)", re.I)
_INLINE_NUMBER = re.compile(r"(?i)(?:(?<=\s)|^)(?:step\s*)?(\d{1,2})[.)]\s+(?=\S)")
_BULLET = re.compile(r"^\s*(?:[-*•–]|\d{1,3}\s*[.)]|\(\d{1,3}\)|\[[ x]\])\s+")
_GHERKIN = re.compile(r"^\s*(?P<word>given|when|then|and|but)\s+(?P<rest>\S.*)$", re.I)
_INLINE_EXPECT = re.compile(
    r"(?i)\s*(?:→|=>|->|—|–|\s-\s|\||\.)?\s*\(?\s*expected(?:\s+results?)?\s*:\s*(?P<e>[^)\n]+)\)?\s*$"
)
# a single quote after a letter is an apostrophe
_QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|(?<![\w’'])'[^'\n]*(?:(?<=\w)'(?=\w)[^'\n]*)*'(?!\w)")
_NONE = frozenset({"", "-", "none", "n/a", "na", "no", "nothing", "–", "—", "null"})


@dataclass(slots=True)
class StepText:
    """One step as written, with the results that follow it directly."""

    text: str
    expected: list[str] = field(default_factory=list)
    number: int | None = None


@dataclass(slots=True)
class Sections:
    """The parts, each in the order of the text."""

    name: str = ""
    preconditions: tuple[str, ...] = ()
    steps: list[StepText] = field(default_factory=list)
    expected: tuple[str, ...] = ()


def split_sections(text: str) -> Sections:
    """Find the parts by their labels; text before any label is steps."""
    name, body = _name(text.strip())
    if _is_gherkin(body):
        return _gherkin(name, body)
    parts = Sections(name=name)
    pre: list[str] = []
    expected: list[str] = []
    kind = "steps"
    quoted = quoted_spans(body)
    marks = [mark for mark in _LABEL.finditer(body) if not _within(mark.start("label"), quoted)]
    chunks = [("steps", body[: marks[0].start()] if marks else body)]
    for at, mark in enumerate(marks):
        end = marks[at + 1].start() if at + 1 < len(marks) else len(body)
        chunks.append((_kind(mark["label"]), body[mark.end() : end]))
    last_expected: list[str] = []
    read_at: list[int] = []  # how many steps had been read when each result was
    for kind, chunk in chunks:
        if kind == "pre":
            head, tail = (
                _before_numbers(chunk)
                if "steps" not in {one for one, _ in chunks[1:]}
                else (chunk, "")
            )
            pre.extend(split_results(head, commas=True))
            parts.steps.extend(_numbered_steps(tail))
        elif kind == "steps":
            parts.steps.extend(_numbered_steps(chunk))
        elif kind == "expected":
            here = len(parts.steps)
            rest = _expected(chunk, parts, expected)
            read_at += [here] * (len(expected) - len(read_at))
            if rest and here:
                # several results in a row, and then the steps go on: all belong to the step before
                kept = [one for one, at in zip(expected, read_at, strict=True) if at != here]
                own = [one for one, at in zip(expected, read_at, strict=True) if at == here]
                parts.steps[-1].expected[:0] = own
                expected[:], read_at = kept, [at for at in read_at if at != here]
            last_expected = expected if not rest else []
            parts.steps.extend(rest)
    _settle(parts, expected, last_expected)
    parts.preconditions = tuple(pre)
    return parts


def _before_numbers(chunk: str) -> tuple[str, str]:
    """Preconditions, and the numbered steps that follow them without a heading of their own."""
    match = re.search(r"(?im)(?:^|\s)(?:step\s*)?1[.):]\s+\S", chunk)
    if match is None or not chunk[: match.start()].strip():
        return chunk, ""
    return chunk[: match.start()], chunk[match.start() :].strip()


def _settle(parts: Sections, expected: list[str], last: list[str]) -> None:
    """Results after the last step are the case's own; earlier ones stay with their step."""
    if parts.steps and parts.steps[-1].expected and not last:
        expected.extend(parts.steps[-1].expected)
        parts.steps[-1].expected.clear()
    parts.expected = tuple(expected)


def _expected(chunk: str, parts: Sections, expected: list[str]) -> list[StepText]:
    """Results, unless the numbering of the steps goes on inside: then the rest are steps again."""
    lines = chunk.strip().splitlines() or [chunk]
    following = (
        (parts.steps[-1].number or 0) + 1 if parts.steps and parts.steps[-1].number else None
    )
    for at, line in enumerate(lines):
        number = _NUMBERED.match(line)
        if (
            number is not None
            and following is not None
            and int(number["n"]) == following
            and (at or following > 1)
        ):
            parts.steps[-1].expected.extend(split_results("\n".join(lines[:at])))
            return _numbered_steps("\n".join(lines[at:]))
    inline = _INLINE_NUMBER.search(chunk) if following is not None and len(lines) == 1 else None
    if (
        inline is not None
        and following is not None
        and following > 1
        and int(inline[1]) == following
    ):
        parts.steps[-1].expected.extend(split_results(chunk[: inline.start()]))
        return _numbered_steps(chunk[inline.start() :])
    expected.extend(split_results(chunk))
    return []


def _kind(label: str) -> str:
    low = " ".join(label.lower().split())
    if low.startswith(("pre", "setup", "set-up", "set up")):
        return "pre"
    if low.startswith(("expect", "result", "outcome", "then", "post")):
        return "expected"
    return "other" if low.startswith(("note", "test data")) else "steps"


def _name(text: str) -> tuple[str, str]:
    match = _NAME.match(text)
    if match is not None:
        name = next(one for one in (match["a"], match["b"], match["c"], match["d"]) if one)
        return name.strip(), text[match.end() :]
    title = _TITLE.search(text)
    if title is not None and _LABEL.search(text):
        return title["t"].strip().strip('"“”'), text[: title.start()] + text[title.end() :]
    first, _, rest = text.partition("\n")
    if first.startswith("#") and rest:
        return first.lstrip("# ").strip(), rest
    lead = re.match(
        r"(?i)^(?:please )?(?:create|write|add|make) (?:a |an |the )?(?:new )?test(?: case)?"
        r"(?: for| of| that| from| with)?(?: (?:these|the following) steps)?\s*[:.]?\s*"
        r"(?=\n|\d[.)]|$|steps|pre)",
        text,
    )
    return "", text[lead.end() :] if lead is not None else text


def _numbered_steps(chunk: str) -> list[StepText]:
    steps: list[StepText] = []
    for line in split_statements(chunk):
        number = _NUMBERED.match(line)
        body = _NUMBERED.sub("", line) if number else _BULLET.sub("", line)
        inline = _INLINE_EXPECT.search(body)
        results = split_results(inline["e"]) if inline is not None else []
        body = body[: inline.start()] if inline is not None else body
        if re.match(r"(?i)^\s*(?:→|=>|->)\s", body) and steps:
            steps[-1].expected.extend(split_results(re.sub(r"^\s*\S+\s", "", body)))
            continue
        if body.strip():
            steps.append(
                StepText(body.strip(), list(results), int(number["n"]) if number else None)
            )
    return steps


def split_statements(chunk: str) -> list[str]:
    """Lines, and numbered steps written on one line ("1. Open … 2. Click …")."""
    lines: list[str] = []
    for line in chunk.strip().splitlines():
        lines.extend(_inline_numbers(line.strip()))
    return [line for line in lines if line.strip(" .*_-")]


def _inline_numbers(line: str) -> list[str]:
    marks = []
    wanted: int | None = None
    quoted = quoted_spans(line)
    for mark in _INLINE_NUMBER.finditer(line):
        number = int(mark[1])
        if _within(mark.start(1), quoted):
            continue
        if wanted is None and mark.start() > 0 and number != 1:
            continue
        if wanted is None or number == wanted:
            marks.append(mark.start())
            wanted = number + 1
    if len(marks) < 2:
        return [line]
    cuts = [*marks, len(line)]
    head = [line[: marks[0]].strip()] if line[: marks[0]].strip() else []
    return head + [line[start:end].strip() for start, end in itertools.pairwise(cuts)]


def split_results(text: str, *, commas: bool = False) -> list[str]:
    """Results or preconditions, one by one. Commas inside a quoted or labelled text do not cut."""
    results: list[str] = []
    for line in text.strip().splitlines():
        line = _BULLET.sub("", line.strip())
        for part in _split_unquoted(line):
            pieces = _at_commas(part) if commas else [part]
            results.extend(piece.strip().rstrip(".").strip() for piece in pieces)
    return [one for one in results if one.lower() not in _NONE]


_STOPS = re.compile(r"\s*;\s*|(?<=[^\d\W])\.\s+(?=[A-Z])|(?<=[)\d])\.\s+(?=[A-Z])")


def _split_unquoted(line: str) -> list[str]:
    """Cut at semicolons and ends of sentences; what is quoted stays whole."""
    quoted = quoted_spans(line)
    parts: list[str] = []
    start = 0
    for stop in _STOPS.finditer(line):
        if not _within(stop.start(), quoted):
            parts.append(line[start : stop.start()])
            start = stop.end()
    return [*parts, line[start:]]


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Where the quoted parts of a text begin and end."""
    return [match.span() for match in _QUOTED.finditer(text)]


def _within(at: int, spans: list[tuple[int, int]]) -> bool:
    return any(start < at < end for start, end in spans)


def _at_commas(text: str) -> list[str]:
    pieces: list[str] = []
    depth = 0
    start = 0
    quoted = quoted_spans(text)
    for at, char in enumerate(text):
        if _within(at, quoted):
            continue
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth <= 0 and text[at + 1 : at + 2] == " ":
            pieces.append(text[start:at])
            start = at + 1
    return [*pieces, text[start:]]


def _is_gherkin(body: str) -> bool:
    words = [m["word"].lower() for line in body.splitlines() if (m := _GHERKIN.match(line))]
    return ("when" in words and "then" in words) or (words[:1] == ["given"] and "then" in words)


def _gherkin(name: str, body: str) -> Sections:
    parts = Sections(name=name)
    pre: list[str] = []
    mode = "steps"
    for line in body.splitlines():
        match = _GHERKIN.match(line)
        title = re.match(r"(?i)^\s*(?:scenario|feature)\s*:\s*(\S.*)$", line)
        if title is not None:
            parts.name = parts.name or title[1].strip()
            continue
        if match is None:
            continue
        word = match["word"].lower()
        mode = {"given": "pre", "when": "steps", "then": "expected"}.get(word, mode)
        rest = match["rest"].strip().rstrip(".")
        if mode == "pre":
            pre.append(rest)
        elif mode == "steps":
            parts.steps.append(StepText(rest))
        elif parts.steps:
            parts.steps[-1].expected.append(rest)
    last = parts.steps[-1].expected if parts.steps else []
    parts.expected = tuple(last)
    if parts.steps:
        parts.steps[-1].expected = []
    parts.preconditions = tuple(pre)
    return parts
