"""Assertions and extractions as statements: web-first where Playwright has the words for it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from assay.browser.model import LocatorBundle
from assay.cases.export.actions import said
from assay.cases.export.locators import (
    is_checkable,
    is_code,
    is_native_select,
    located,
    table_or_list,
    whole,
)
from assay.cases.export.syntax import (
    AnyOf,
    Body,
    Call,
    Do,
    Expression,
    Fail,
    Let,
    Name,
    Several,
    Statement,
    Sum,
    Text,
    Value,
    call,
    expect,
    text,
)
from assay.cases.export.templates import plain, rendered, variable_name
from assay.cases.model import Assertion, AssertionKind, Extraction

_NATIVE = re.compile(
    r"^(please (fill|include|enter|select|match|lengthen|use)|value must be)", re.I
)
_ROLE_STATES = {
    "checked": ("checkbox", "checked", True),
    "unchecked": ("checkbox", "checked", False),
    "selected": ("option", "selected", True),
}


def asserted(assertion: Assertion, body: Body) -> list[Statement]:
    """The statements that check one assertion."""
    return _ASSERTIONS[assertion.kind](assertion, body)


def extracted(extraction: Extraction, body: Body) -> list[Statement]:
    """The statements that read a value and keep it."""
    target = located(extraction.target, body) if extraction.target else None
    row = rendered(extraction.row, body)
    name = body.fresh(variable_name(extraction.variable))
    given: dict[str, Expression] = {"row": row}
    if extraction.column:
        given["column"] = text(extraction.column)
    if extraction.kind == "number_in_row":
        return [Let(name, call(None, "number_in_row", whole(body), **given))]
    if extraction.kind == "cell":
        return [Let(name, call(None, "cell_text", whole(body), **given))]
    if extraction.kind == "beside":
        return [Let(name, call(None, "text_beside", whole(body), row))]
    if extraction.kind == "title":
        return [Let(name, call(Name(body.page), "title"))]
    if extraction.kind == "url":
        return [Let(name, call(None, "address_of", Name(body.page)))]
    if extraction.kind == "count":
        return [Let(name, call(None, "count_items", target or whole(body)))]
    if target is None:
        return [Fail(f"“{extraction.variable}” is read from an element that was not recorded.")]
    if extraction.kind == "number_near":
        return [Let(name, call(None, "number_near", target))]
    if extraction.kind == "value":
        return [Let(name, call(target, "input_value"))]
    if extraction.kind == "text":
        return [Let(name, call(target, "inner_text"))]
    return [Fail(f"A value of the kind “{extraction.kind}” cannot be read in exported code.")]


# -- texts ---------------------------------------------------------------------------------------


def _scope(assertion: Assertion, body: Body) -> Call | None:
    found = located(assertion.scope, body) if assertion.scope else None
    return found if isinstance(found, Call) else None


def _text(assertion: Assertion, body: Body) -> list[Statement]:
    wanted = rendered(assertion.text, body)
    place = _scope(assertion, body)
    dialogs = body.latest("dialogs")
    if place is None and dialogs:
        return [Do(call(None, "expect_said", Name(body.page), Name(dialogs), wanted))]
    if place is None and _NATIVE.match(assertion.text):
        return [Do(call(None, "expect_validation", Name(body.page), wanted))]
    if place is None and body.frames:
        return [Do(call(None, "expect_in_frames", Name(body.page), wanted))]
    if assertion.exact:
        root: Expression = place or Name(body.page)
        same = call(root, "get_by_text", call(None, "exactly", wanted))
        return [expect(call(same, "filter", visible=Value(True)), "not_to_have_count", Value(0))]
    return [said(wanted, body, place=place)]


def _no_text(assertion: Assertion, body: Body) -> list[Statement]:
    wanted = rendered(assertion.text, body)
    return [said(wanted, body, "not_to_contain_text", _scope(assertion, body))]


def _title(assertion: Assertion, body: Body) -> list[Statement]:
    how = "exactly" if assertion.exact else "words"
    pattern = call(None, how, rendered(assertion.text, body))
    return [expect(Name(body.page), "to_have_title", pattern)]


def _url(assertion: Assertion, body: Body) -> list[Statement]:
    check = "to_have_url" if assertion.kind is AssertionKind.URL else "not_to_have_url"
    return [expect(Name(body.page), check, call(None, "path", rendered(assertion.text, body)))]


# -- elements ------------------------------------------------------------------------------------


def _of(bundle: LocatorBundle | None, body: Body) -> Expression:
    return located(bundle, body) if bundle else whole(body)


def _is(check: str) -> Callable[[Assertion, Body], list[Statement]]:
    """An assertion that is one web-first check of the element."""

    def build(assertion: Assertion, body: Body) -> list[Statement]:
        if assertion.target is None:
            return [Fail("The assertion names no element.")]
        return [expect(located(assertion.target, body), check)]

    return build


def _checked(assertion: Assertion, body: Body) -> list[Statement]:
    bundle = assertion.target
    if bundle is None:
        return [Fail("The assertion names no element.")]
    box = located(bundle, body)
    if not is_checkable(bundle):
        box = call(box, "get_by_role", text("checkbox"))
    negated = assertion.kind is AssertionKind.UNCHECKED
    return [expect(box, "not_to_be_checked" if negated else "to_be_checked")]


def _value(assertion: Assertion, body: Body) -> list[Statement]:
    bundle = assertion.target
    if bundle is None:
        return [Fail("The assertion names no element.")]
    field = located(bundle, body)
    wanted = rendered(assertion.text, body)
    same: Expression = wanted if assertion.text == "" else call(None, "exactly", wanted)
    if is_native_select(bundle):
        chosen = call(field, "locator", text("option:checked"))
        return [expect(chosen, "to_have_text", same)]
    if is_code(bundle):
        return [Do(call(None, "expect_code", field, wanted))]
    if bundle.fingerprint.tag in {"input", "textarea"}:
        literal = plain(assertion.text)
        simple = wanted if literal is not None and literal == literal.strip() else same
        return [expect(field, "to_have_value", simple)]
    if bundle.fingerprint.role in {"slider", "spinbutton", "progressbar", "meter"}:
        return [expect(field, "to_have_attribute", text("aria-valuenow"), wanted)]
    return [expect(field, "to_have_text", same, use_inner_text=Value(True))]


def _attribute(assertion: Assertion, body: Body) -> list[Statement]:
    bundle = assertion.target
    if bundle is None:
        return [Fail("The assertion names no element.")]
    wanted = assertion.text
    if assertion.column == "href" and urlsplit(wanted).netloc:
        # The attribute may be relative: what it leads to on the site is compared.
        parts = urlsplit(wanted)
        wanted = parts.path + (f"?{parts.query}" if parts.query else "")
    how = "exactly" if assertion.exact and wanted == assertion.text else "words"
    pattern = call(None, how, rendered(wanted, body))
    name = text(assertion.column)
    return [expect(located(bundle, body), "to_have_attribute", name, pattern)]


def _struck(assertion: Assertion, body: Body) -> list[Statement]:
    if assertion.target is None:
        return [Fail("The assertion names no element.")]
    return [Do(call(None, "expect_struck", located(assertion.target, body)))]


# -- lists and tables ----------------------------------------------------------------------------


def _number(assertion: Assertion, body: Body) -> Expression:
    if not assertion.relative_to:
        return Value(assertion.number)
    name = variable_name(assertion.relative_to)
    read = call(None, "number", Name(body.latest(name) or name))
    return Sum(read, assertion.delta) if assertion.delta else read


def _count(assertion: Assertion, body: Body) -> list[Statement]:
    wanted = _number(assertion, body)
    scope = assertion.scope
    kind = table_or_list(scope) if scope else ""
    native = assertion.state in {"", *_ROLE_STATES} and kind == "list"
    if scope is not None and native:
        items: Expression = call(located(scope, body), "get_by_role", text("listitem"))
        if assertion.text:
            items = call(items, "filter", has_text=rendered(assertion.text, body))
        if assertion.state:
            role, name, on = _ROLE_STATES[assertion.state]
            inner = call(Name(body.page), "get_by_role", text(role), **{name: Value(on)})
            items = call(items, "filter", has=inner)
        return [expect(items, "to_have_count", wanted)]
    given: dict[str, Expression] = {}
    if assertion.text:
        given["text"] = rendered(assertion.text, body)
    if assertion.state:
        given["state"] = text(assertion.state)
    return [Do(call(None, "expect_count", _of(scope, body), wanted, **given))]


def _rows(name: str) -> Callable[[Assertion, Body], list[Statement]]:
    """An assertion about rows or items that a helper checks."""

    def build(assertion: Assertion, body: Body) -> list[Statement]:
        given: dict[str, Expression] = {}
        if assertion.row:
            given["row"] = rendered(assertion.row, body)
        if assertion.column:
            given["column"] = text(assertion.column)
        if assertion.exact:
            given["exact"] = Value(True)
        if assertion.order == "last":
            given["last"] = Value(True)
        wanted: Expression = rendered(assertion.text, body)
        if name == "expect_sorted":
            wanted = text(assertion.order or "ascending")
        elif assertion.relative_to:
            wanted = _number(assertion, body)
        return [Do(call(None, name, _of(assertion.scope, body), wanted, **given))]

    return build


# -- answers and files ---------------------------------------------------------------------------


def _status(assertion: Assertion, body: Body) -> list[Statement]:
    response = body.latest("response")
    if response is None:
        return [Fail("The answer whose status is checked was not recorded.")]
    return [Do(call(None, "expect_status", Name(response), Value(assertion.number)))]


def _json(assertion: Assertion, body: Body) -> list[Statement]:
    content = body.latest("content")
    if content is None:
        return [Fail("The answer that is checked was not recorded.")]
    path = text(assertion.column)
    if assertion.state == "count":
        wanted: Expression = Value(assertion.number)
        return [Do(call(None, "expect_json_count", Name(content), path, wanted))]
    given: dict[str, Expression] = {"exact": Value(True)} if assertion.exact else {}
    wanted = rendered(assertion.text, body)
    return [Do(call(None, "expect_json", Name(content), path, wanted, **given))]


def _none(name: str) -> Callable[[Assertion, Body], list[Statement]]:
    """Nothing that the test has listened for since its start has happened."""

    def build(assertion: Assertion, body: Body) -> list[Statement]:
        body.listened.add(name)
        return [Do(call(None, "expect_none", Name(name)))]

    return build


def _order(assertion: Assertion, body: Body) -> list[Statement]:
    texts = tuple(rendered(line, body) for line in assertion.text.splitlines())
    return [Do(call(None, "expect_order", _of(assertion.scope, body), Several(texts)))]


def _download(assertion: Assertion, body: Body) -> list[Statement]:
    if assertion.row and not assertion.text and not assertion.number:
        file = body.latest("download")
        if file is None:
            return [Fail("The file whose name is checked was not recorded.")]
        return [Do(call(None, "expect_file_name", Name(file), rendered(assertion.row, body)))]
    given: dict[str, Expression] = {}
    if assertion.text:
        given["text"] = rendered(assertion.text, body)
    if assertion.number:
        given["lines"] = Value(assertion.number)
    content = body.latest("content")
    if content is None:
        return [Fail("The file whose content is checked was not recorded.")]
    return [Do(call(None, "expect_content", Name(content), **given))]


def _any_of(assertion: Assertion, body: Body) -> list[Statement]:
    return [AnyOf(tuple(tuple(asserted(one, body)) for one in assertion.options))]


_ASSERTIONS: dict[AssertionKind, Callable[[Assertion, Body], list[Statement]]] = {
    AssertionKind.TEXT: _text,
    AssertionKind.NEW_TEXT: _text,
    AssertionKind.NO_TEXT: _no_text,
    AssertionKind.VISIBLE: _is("to_be_visible"),
    AssertionKind.HIDDEN: _is("to_be_hidden"),
    AssertionKind.COUNT: _count,
    AssertionKind.VALUE: _value,
    AssertionKind.CHECKED: _checked,
    AssertionKind.UNCHECKED: _checked,
    AssertionKind.ENABLED: _is("to_be_enabled"),
    AssertionKind.DISABLED: _is("to_be_disabled"),
    AssertionKind.STRUCK: _struck,
    AssertionKind.URL: _url,
    AssertionKind.NOT_URL: _url,
    AssertionKind.TITLE: _title,
    AssertionKind.CELL: _rows("expect_cell"),
    AssertionKind.EVERY_ROW: _rows("expect_every_row"),
    AssertionKind.SORTED: _rows("expect_sorted"),
    AssertionKind.FIRST_ROW: _rows("expect_first_row"),
    AssertionKind.STATUS: _status,
    AssertionKind.ATTRIBUTE: _attribute,
    AssertionKind.DOWNLOAD: _download,
    AssertionKind.JSON: _json,
    AssertionKind.NO_CONSOLE_ERROR: _none("console_errors"),
    AssertionKind.NO_FAILED_REQUEST: _none("failed_requests"),
    AssertionKind.ORDER: _order,
    AssertionKind.ANY_OF: _any_of,
}


def is_said_by_code(assertion: Assertion, line: str) -> bool:
    """Whether the code says what the step's line says, so that no comment is needed."""
    if assertion.kind in {AssertionKind.URL, AssertionKind.VISIBLE, AssertionKind.VALUE}:
        return True
    known: Text = text(assertion.text)
    return assertion.kind in {AssertionKind.TEXT, AssertionKind.NEW_TEXT} and (
        isinstance(known.parts[0], str) and bool(assertion.text) and assertion.text in line
    )
