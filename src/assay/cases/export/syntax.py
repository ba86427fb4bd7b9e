"""What an exported test is made of, before it is put into a language: expressions and statements.

Names are written as Python writes them (``get_by_role``, ``not_to_have_text``); the printers of
other languages change them to their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    name: str


@dataclass(frozen=True, slots=True)
class Environment:
    """The value of an environment variable, which has to be set when the test runs."""

    variable: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string; parts that are expressions are put into it when the test runs."""

    parts: tuple[str | Name | Environment, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """A number or a truth value."""

    value: int | bool


@dataclass(frozen=True, slots=True)
class Several:
    """A list."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A mapping of texts."""

    items: tuple[tuple[str, Expression], ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """An expression and a number more."""

    base: Expression
    more: int


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a method, or of a function when there is no ``owner``."""

    owner: Expression | None
    name: str
    arguments: tuple[Expression, ...] = ()
    options: tuple[tuple[str, Expression], ...] = ()


Expression = Name | Environment | Text | Value | Several | Pairs | Sum | Call


@dataclass(frozen=True, slots=True)
class Do:
    """Evaluate an expression and wait for it."""

    expression: Expression


@dataclass(frozen=True, slots=True)
class Let:
    """Keep the value of an expression; ``waits`` when it comes from the browser."""

    name: str
    expression: Expression
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Comment:
    """A line for the reader."""

    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the next dialog that ``page`` opens."""

    page: str
    accept: bool
    text: Text | None = None


@dataclass(frozen=True, slots=True)
class During:
    """Wait for what the statements of the body bring about, and keep it if it is needed later.

    ``what`` is popup, close, download, file_chooser or response (with ``arguments``).
    """

    what: str
    page: str
    name: str
    body: tuple[Statement, ...]
    arguments: tuple[Expression, ...] = ()
    kept: bool = True


@dataclass(frozen=True, slots=True)
class If:
    """Statements that are done only where the condition, asked of the browser, holds."""

    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these groups of statements has to pass."""

    groups: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True, slots=True)
class Fail:
    """End the test as failed with a sentence: for what cannot be said in the language."""

    reason: str


Statement = Do | Let | Comment | Answer | During | If | AnyOf | Fail


@dataclass(slots=True)
class Files:
    """The files that tests upload, by the name that each gets in the exported folder."""

    content: dict[str, bytes] = field(default_factory=dict)

    def name(self, wanted: str, content: bytes) -> str:
        """The name of a file; another one of that name gets a number."""
        plain = re.sub(r"[^\w.() -]+", "_", wanted).lstrip(".") or "file"
        stem, dot, ending = plain.rpartition(".")
        name, count = plain, 1
        while self.content.get(name, content) != content:
            count += 1
            name = f"{stem}-{count}{dot}{ending}" if dot else f"{plain}-{count}"
        self.content[name] = content
        return name


@dataclass(slots=True)
class Body:
    """One test while it is written: its page, where it is, and the names it has used.

    ``page`` is the variable of the tab in front and ``place`` the path it shows; ``tabs`` are the
    variables of all tabs in the order they were opened; ``listened`` are the lists that are filled
    from the start on (``console_errors``, ``failed_requests``); ``frames`` says
    that the test works inside frames; ``unique`` are the values that are new in each run and
    ``secrets`` values that may not be written, with their environment variables.
    """

    page: str = "page"
    place: str = ""
    frames: bool = False
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    unique: set[str] = field(default_factory=set)
    files: Files = field(default_factory=Files)
    listened: set[str] = field(default_factory=set)
    tabs: list[str] = field(default_factory=lambda: ["page"])
    _order: list[str] = field(default_factory=lambda: ["page"])
    _counts: dict[str, int] = field(default_factory=dict)
    _newest: dict[str, str] = field(default_factory=dict)

    def fresh(self, name: str) -> str:
        """A variable that the test does not have yet, called like this."""
        self._counts[name] = self._counts.get(name, 0) + 1
        count = self._counts[name]
        self._newest[name] = name if count == 1 else f"{name}_{count}"
        return self._newest[name]

    def new_tab(self) -> str:
        """The variable of a tab that opens and comes to the front."""
        self.page = self.fresh("tab")
        self.tabs.append(self.page)
        self._order.append(self.page)
        return self.page

    def bring(self, tab: str) -> None:
        """A tab comes to the front."""
        self._order = [one for one in self._order if one != tab] + [tab]
        self.page = tab

    def drop(self, tab: str) -> None:
        """A tab is closed; the one that was in front before it is so again."""
        self.tabs.remove(tab)
        self._order.remove(tab)
        self.page = self._order[-1]

    def latest(self, name: str) -> str | None:
        """The newest variable that was called like this, if it is still meant."""
        return self._newest.get(name)

    def forget(self, name: str) -> None:
        """What was called like this is not meant any more."""
        self._newest.pop(name, None)


def text(*parts: str | Name | Environment) -> Text:
    """A string expression."""
    return Text(tuple(parts))


def call(
    owner: Expression | None, name: str, /, *arguments: Expression, **options: Expression
) -> Call:
    """A call expression."""
    return Call(owner, name, arguments, tuple(options.items()))


def expect(subject: Expression, check: str, /, *arguments: Expression, **options: Expression) -> Do:
    """A web-first assertion: it is asked again until it holds or time is up."""
    return Do(call(call(None, "expect", subject), check, *arguments, **options))


def expressions(node: object) -> Iterator[Expression]:
    """Every expression in a statement or expression, outermost first."""
    if isinstance(node, Name | Environment | Text | Value | Several | Pairs | Sum | Call):
        yield node
    if isinstance(node, tuple):
        for one in node:
            yield from expressions(one)
    elif is_dataclass(node):
        for part in fields(node):
            yield from expressions(getattr(node, part.name))


def functions(statements: tuple[Statement, ...]) -> set[str]:
    """The names of the free functions that statements call; ``env`` reads the environment."""
    found = {
        one.name for one in expressions(statements) if isinstance(one, Call) and one.owner is None
    }
    found |= {"env"} if variables(statements) else set()
    return found | ({"any_of"} if any(isinstance(one, AnyOf) for one in statements) else set())


def variables(statements: tuple[Statement, ...]) -> set[str]:
    """The environment variables that statements read."""
    return {one.variable for one in expressions(statements) if isinstance(one, Environment)}
