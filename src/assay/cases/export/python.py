"""Exported statements as Python: pytest with pytest-playwright."""

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
_STEP = "    "


def string(value: str) -> str:
    """A string literal in double quotes, single ones where that needs fewer escapes."""
    body = (
        value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    )
    if '"' in body and "'" not in body:
        return f"'{body}'"
    return '"' + body.replace('"', '\\"') + '"'


def expression(node: Expression) -> str:
    """One expression."""
    match node:
        case Name(name):
            return name
        case Environment(variable):
            return f"env({string(variable)})"
        case Text():
            return _text(node)
        case Value(value):
            return repr(value)
        case Several(items):
            return f"[{', '.join(expression(one) for one in items)}]"
        case Pairs(items):
            pairs = (f"{string(name)}: {expression(one)}" for name, one in items)
            return "{" + ", ".join(pairs) + "}"
        case Sum(base, more):
            return f"{expression(base)} {'-' if more < 0 else '+'} {abs(more)}"
        case Call():
            return f"{_called(node)}({', '.join(_given(node))})"


def _called(node: Call) -> str:
    return f"{expression(node.owner)}.{node.name}" if node.owner is not None else node.name


def _given(node: Call) -> list[str]:
    given = [expression(one) for one in node.arguments]
    return given + [f"{name}={expression(one)}" for name, one in node.options]


def _text(node: Text) -> str:
    if all(isinstance(part, str) for part in node.parts):
        return string("".join(str(part) for part in node.parts))
    if len(node.parts) == 1 and not isinstance(node.parts[0], str):
        return expression(node.parts[0])
    inner = "".join(
        part.replace("{", "{{").replace("}", "}}")
        if isinstance(part, str)
        else "{" + expression(part).replace('"', "'") + "}"
        for part in node.parts
    )
    body = inner.replace("\\", "\\\\").replace("\n", "\\n")
    if '"' in "".join(part for part in node.parts if isinstance(part, str)):
        # Quotes of a kind may not stand within an f-string of that kind before Python 3.12.
        parts = [string(one) if isinstance(one, str) else expression(one) for one in node.parts]
        return '"".join((' + ", ".join(parts) + "))"
    return f'f"{body}"'


def lines(statements: Sequence[Statement], indent: int = 1) -> list[str]:
    """Statements as indented lines."""
    return [line for one in statements for line in _statement(one, indent)]


def _statement(node: Statement, depth: int) -> Iterator[str]:
    pad = _STEP * depth
    match node:
        case Comment(text):
            yield from comment(text, pad)
        case Do(inner):
            yield from _wrapped("", inner, pad)
        case Let(name, inner, _):
            yield from _wrapped(f"{name} = ", inner, pad)
        case Answer():
            yield f"{pad}{node.page}.once({string('dialog')}, lambda dialog: {_answer(node)})"
        case During():
            yield from _during(node, depth)
        case If(condition, body):
            yield f"{pad}if {expression(condition)}:"
            yield from lines(body, depth + 1)
        case AnyOf(groups):
            yield from _any_of(groups, depth)
        case Fail(reason):
            yield f"{pad}pytest.fail({string(reason)})"


def comment(text: str, pad: str) -> Iterator[str]:
    """A comment, over several lines where it is long."""
    line = ""
    for word in re.sub(r"\s+", " ", text).split(" "):
        if line and len(pad) + len(line) + len(word) + 3 > _WIDTH:
            yield f"{pad}# {line}"
            line = ""
        line = f"{line} {word}" if line else word
    yield f"{pad}# {line}"


def _wrapped(head: str, node: Expression, pad: str) -> Iterator[str]:
    """An expression on one line, or with the arguments of its last call on lines of their own."""
    line = f"{pad}{head}{expression(node)}"
    if len(line) <= _WIDTH or not isinstance(node, Call):
        yield line
        return
    inner = node.owner if isinstance(node.owner, Call) and _given(node.owner) else None
    if not _given(node) and inner is None:
        yield line
        return
    opening, given = f"{pad}{head}{_called(node)}(", ", ".join(_given(node))
    if inner is not None and (len(opening) > _WIDTH or not given):
        # The subject is what is long: it is broken, and the check follows its bracket.
        yield f"{pad}{head}{_called(inner)}("
        yield f"{pad}{_STEP}{', '.join(_given(inner))}"
        yield f"{pad}).{node.name}({given})"
        return
    yield opening
    if len(pad) + len(given) + 4 <= _WIDTH:
        yield f"{pad}{_STEP}{given}"
    else:
        for one in _given(node):
            yield f"{pad}{_STEP}{one},"
    yield f"{pad})"


def _answer(node: Answer) -> str:
    if not node.accept:
        return "dialog.dismiss()"
    return f"dialog.accept({_text(node.text) if node.text is not None else ''})"


def _during(node: During, depth: int) -> Iterator[str]:
    pad = _STEP * depth
    given = ", ".join(expression(one) for one in node.arguments)
    kept = f" as {node.name}_info" if node.kept else ""
    waits = (
        f'expect_event("{node.what}")' if node.what == "close" else f"expect_{node.what}({given})"
    )
    yield f"{pad}with {node.page}.{waits}{kept}:"
    yield from lines(node.body, depth + 1)
    if node.kept:
        yield f"{pad}{node.name} = {node.name}_info.value"


def _any_of(groups: tuple[tuple[Statement, ...], ...], depth: int) -> Iterator[str]:
    pad = _STEP * depth
    names = [f"way_{number}" for number in range(1, len(groups) + 1)]
    for name, group in zip(names, groups, strict=True):
        yield ""
        yield f"{pad}def {name}() -> None:"
        yield from lines(group, depth + 1)
    yield ""
    yield f"{pad}any_of({', '.join(names)})"


def imports(names: set[str]) -> list[str]:
    """The import lines of a test module for the helpers it uses."""
    if not names:
        return []
    line = f"from helpers import {', '.join(sorted(names))}"
    if len(line) <= _WIDTH:
        return [line]
    return ["from helpers import (", *(f"{_STEP}{name}," for name in sorted(names)), ")"]
