"""Exported statements as TypeScript: Playwright Test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assay.cases.export.syntax import (
    Answer,
    AnyOf,
    Call,
    Comment,
    Do,
    During,
    Environment,
    Expression,
    Fail,
    If,
    Let,
    Name,
    Pairs,
    Several,
    Statement,
    Sum,
    Text,
    Value,
)

_WIDTH = 100
_STEP = "  "
_EVENTS = {
    "popup": "popup",
    "download": "download",
    "file_chooser": "filechooser",
    "close": "close",
}


def camel(name: str) -> str:
    """A Python name as TypeScript writes it; checks that begin with ``not_`` are turned."""
    if name.startswith("not_"):
        return f"not.{camel(name[4:])}"
    if name.endswith("_url"):
        return camel(name.removesuffix("_url")) + "URL"
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def string(value: str) -> str:
    """A string literal in single quotes, double ones where that needs fewer escapes."""
    body = (
        value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    if "'" in body and '"' not in body:
        return f'"{body}"'
    return "'" + body.replace("'", "\\'") + "'"


def expression(node: Expression) -> str:
    """One expression."""
    match node:
        case Name(name):
            return camel(name)
        case Environment(variable):
            return f"env({string(variable)})"
        case Text():
            return _text(node)
        case Value(value):
            return str(value).lower()
        case Several(items):
            return f"[{', '.join(expression(one) for one in items)}]"
        case Pairs(items):
            pairs = (f"{string(name)}: {expression(one)}" for name, one in items)
            return "{ " + ", ".join(pairs) + " }"
        case Sum(base, more):
            return f"{expression(base)} {'-' if more < 0 else '+'} {abs(more)}"
        case Call():
            return f"{_called(node)}({', '.join(_given(node))})"


def _called(node: Call) -> str:
    name = ".".join(camel(part) for part in node.name.split("."))
    return f"{expression(node.owner)}.{name}" if node.owner is not None else name


def _given(node: Call) -> list[str]:
    given = [expression(one) for one in node.arguments]
    if node.options:
        pairs = (f"{camel(name)}: {expression(one)}" for name, one in node.options)
        given.append("{ " + ", ".join(pairs) + " }")
    return given


def _text(node: Text) -> str:
    if all(isinstance(part, str) for part in node.parts):
        return string("".join(str(part) for part in node.parts))
    if len(node.parts) == 1 and not isinstance(node.parts[0], str):
        return expression(node.parts[0])
    inner = "".join(
        part.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
        if isinstance(part, str)
        else "${" + expression(part) + "}"
        for part in node.parts
    )
    return f"`{inner}`"


def lines(statements: Sequence[Statement], indent: int = 1) -> list[str]:
    """Statements as indented lines."""
    return [line for one in statements for line in _statement(one, indent)]


def _statement(node: Statement, depth: int) -> Iterator[str]:
    pad = _STEP * depth
    match node:
        case Comment(text):
            yield from comment(text, pad)
        case Do(inner):
            yield from _wrapped("await ", inner, pad)
        case Let(name, inner, waits):
            yield from _wrapped(f"const {camel(name)} = {'await ' if waits else ''}", inner, pad)
        case Answer():
            page = camel(node.page)
            yield f"{pad}{page}.once('dialog', (dialog) => {_answer(node)});"
        case During():
            yield from _during(node, depth)
        case If(condition, body):
            yield f"{pad}if (await {expression(condition)}) {{"
            yield from lines(body, depth + 1)
            yield f"{pad}}}"
        case AnyOf(groups):
            yield from _any_of(groups, depth)
        case Fail(reason):
            yield f"{pad}throw new Error({string(reason)});"


def comment(text: str, pad: str) -> Iterator[str]:
    """A comment, over several lines where it is long."""
    line = ""
    for word in re.sub(r"\s+", " ", text).split(" "):
        if line and len(pad) + len(line) + len(word) + 4 > _WIDTH:
            yield f"{pad}// {line}"
            line = ""
        line = f"{line} {word}" if line else word
    yield f"{pad}// {line}"


def _wrapped(head: str, node: Expression, pad: str) -> Iterator[str]:
    line = f"{pad}{head}{expression(node)};"
    if len(line) <= _WIDTH or not isinstance(node, Call):
        yield line
        return
    inner = node.owner if isinstance(node.owner, Call) and _given(node.owner) else None
    if not _given(node) and inner is None:
        yield line
        return
    opening, given = f"{pad}{head}{_called(node)}(", ", ".join(_given(node))
    if inner is not None and (len(opening) > _WIDTH or not given):
        yield f"{pad}{head}{_called(inner)}("
        yield f"{pad}{_STEP}{', '.join(_given(inner))},"
        yield f"{pad}).{'.'.join(camel(part) for part in node.name.split('.'))}({given});"
        return
    yield opening
    for one in _given(node):
        yield f"{pad}{_STEP}{one},"
    yield f"{pad});"


def _answer(node: Answer) -> str:
    if not node.accept:
        return "dialog.dismiss()"
    return f"dialog.accept({_text(node.text) if node.text is not None else ''})"


def _during(node: During, depth: int) -> Iterator[str]:
    """The waiting starts before the statements and ends after them."""
    pad = _STEP * depth
    page = camel(node.page)
    given = ", ".join(expression(one) for one in node.arguments)
    promise = f"{camel(node.name)}Promise"
    if node.what == "response":
        waits = f"{page}.waitForResponse({given})"
    else:
        waits = f"{page}.waitForEvent('{_EVENTS[node.what]}')"
    yield f"{pad}const {promise} = {waits};"
    yield from lines(node.body, depth)
    kept = f"const {camel(node.name)} = " if node.kept else ""
    yield f"{pad}{kept}await {promise};"


def _any_of(groups: tuple[tuple[Statement, ...], ...], depth: int) -> Iterator[str]:
    pad = _STEP * depth
    yield f"{pad}await anyOf("
    for group in groups:
        yield f"{pad}{_STEP}async () => {{"
        yield from lines(group, depth + 2)
        yield f"{pad}{_STEP}}},"
    yield f"{pad});"


def imports(names: set[str]) -> list[str]:
    """The import lines of a test module for the helpers it uses."""
    if not names:
        return []
    wanted = sorted(camel(name) for name in names)
    line = f"import {{ {', '.join(wanted)} }} from './helpers';"
    if len(line) <= _WIDTH:
        return [line]
    return ["import {", *(f"{_STEP}{name}," for name in wanted), "} from './helpers';"]
