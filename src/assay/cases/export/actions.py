"""Steps that do something as statements, with what replay would wait for after them."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from assay.browser.model import ActionKind
from assay.browser.spelling import proper
from assay.cases.export.locators import (
    is_checkable,
    is_code,
    is_field,
    is_file_field,
    is_native_select,
    is_slider_of_aria,
    is_tiny,
    located,
    suggests,
)
from assay.cases.export.syntax import (
    Answer,
    Body,
    Call,
    Do,
    During,
    Expression,
    Fail,
    If,
    Let,
    Name,
    Pairs,
    Several,
    Statement,
    Text,
    Value,
    call,
    expect,
    text,
)
from assay.cases.export.templates import plain, rendered, secret
from assay.cases.model import AssertionKind, Step

_TRAVEL = {ActionKind.NAVIGATE, ActionKind.BACK, ActionKind.FORWARD, ActionKind.RELOAD}
_UNTARGETED = _TRAVEL | {
    ActionKind.FETCH, ActionKind.PRESS, ActionKind.TYPE, ActionKind.APPEND, ActionKind.SCROLL,
    ActionKind.WAIT_FOR, ActionKind.WAIT_GONE, ActionKind.OPEN_TAB,
    ActionKind.SWITCH_TAB, ActionKind.CLOSE_TAB,
}  # fmt: skip
_TABS = {ActionKind.OPEN_TAB, ActionKind.SWITCH_TAB, ActionKind.CLOSE_TAB}
_SPOKEN = {AssertionKind.TEXT, AssertionKind.NEW_TEXT, AssertionKind.NO_TEXT, AssertionKind.ANY_OF}
# What may hold before the answer is there, and so must not be asked too early.
_EARLY = {
    AssertionKind.NO_TEXT, AssertionKind.HIDDEN, AssertionKind.COUNT, AssertionKind.VALUE,
    AssertionKind.URL, AssertionKind.NOT_URL, AssertionKind.CHECKED, AssertionKind.UNCHECKED,
    AssertionKind.EVERY_ROW, AssertionKind.SORTED, AssertionKind.FIRST_ROW, AssertionKind.ANY_OF,
    AssertionKind.TEXT, AssertionKind.VISIBLE,
}  # fmt: skip


def acted(step: Step, rest: Sequence[Step], body: Body) -> list[Statement]:
    """The statements of one action; ``rest`` are the steps after it."""
    action = step.action or ActionKind.CLICK
    if step.target is None and action not in _UNTARGETED:
        return [Fail(f"“{step.text}” names no element to act on.")]
    checks = _following(rest)
    for name in ("dialogs", "content", "response", "download"):
        body.forget(name)
    main = _ACTIONS[action](step, body)
    if step.optional and step.target is not None:
        offered = call(None, "offered", located(step.target, body))
        return [If(offered, tuple(main))]
    before = _dialog(step, checks, body)
    wrapped = main if action in _TABS else _brought(step, rest, checks, main, body)
    return [*before, *wrapped, *_arrived(step, checks, body)]


def _following(rest: Sequence[Step]) -> list[Step]:
    """The assertions up to the next action."""
    found: list[Step] = []
    for step in rest:
        if step.action is not None:
            break
        if step.assertion is not None:
            found.append(step)
    return found


def _dialog(step: Step, checks: Sequence[Step], body: Body) -> list[Statement]:
    """What answers a dialog has to be there before the dialog is."""
    opened = step.effect.dialog if step.effect else ""
    if not opened and step.dialog == "accept" and not step.dialog_text:
        return []
    said = rendered(step.dialog_text, body) if step.dialog_text else None
    accept = step.dialog != "dismiss"
    if any(one.assertion and one.assertion.kind in _SPOKEN for one in checks):
        given: dict[str, Expression] = {"accept": Value(accept)}
        if said is not None:
            given["text"] = said
        listening = call(None, "answer_dialogs", Name(body.page), **given)
        return [Let(body.fresh("dialogs"), listening, waits=False)]
    return [Answer(body.page, accept, said)]


def _brought(
    step: Step,
    rest: Sequence[Step],
    checks: Sequence[Step],
    main: list[Statement],
    body: Body,
) -> list[Statement]:
    """The statements inside what waits for a new tab, a file or an answer, where one is due."""
    effect = step.effect
    if any(one.assertion and one.assertion.kind is AssertionKind.STATUS for one in checks):
        return _with_status(step, main, body)
    if any(one.assertion and one.assertion.kind is AssertionKind.DOWNLOAD for one in checks):
        return _with_file(step, main, body)
    if effect is not None and effect.tab:
        old = body.page
        return [During("popup", old, body.new_tab(), tuple(main))]
    if effect is not None and effect.closes:
        old = body.page
        body.drop(old)
        return [During("close", old, body.fresh("closed"), tuple(main), kept=False)]
    if _answer_is_due(step, rest, checks, body):
        assert effect is not None
        method, _, path = effect.requests[0].partition(" ")
        wanted = call(None, "answer_to", text(method), text(path.partition("?")[0]))
        name = body.fresh("answer")
        return [During("response", body.page, name, tuple(main), (wanted,), kept=False)]
    return main


def _with_status(step: Step, main: list[Statement], body: Body) -> list[Statement]:
    last = main[-1]
    if step.action in _TRAVEL and isinstance(last, Do):
        return [*main[:-1], Let(body.fresh("response"), last.expression)]
    if step.action is ActionKind.FETCH:
        return main
    document = call(None, "any_document")
    name = body.fresh("response")
    return [During("response", body.page, name, tuple(main), (document,))]


def _with_file(step: Step, main: list[Statement], body: Body) -> list[Statement]:
    moved = step.effect is not None and bool(step.effect.url)
    if step.action is ActionKind.FETCH:
        return main
    if moved:
        # The file is shown by the browser itself, as a page.
        content = call(call(Name(body.page), "locator", text("body")), "inner_text")
        return [*main, Let(body.fresh("content"), content)]
    if step.action is ActionKind.NAVIGATE:
        return _fetch(step, body)
    name = body.fresh("download")
    read = call(None, "content_of", Name(name))
    return [
        During("download", body.page, name, tuple(main)),
        Let(body.fresh("content"), read),
    ]


def _answer_is_due(step: Step, rest: Sequence[Step], checks: Sequence[Step], body: Body) -> bool:
    """Whether what comes next would be true, or would interrupt, before the site has answered."""
    effect = step.effect
    if effect is None or not effect.requests or step.action in _TRAVEL:
        return False
    if effect.url and not _same_place(effect.url, body.place):
        return False
    following = next((one for one in rest if one.extraction is None), None)
    if following is None:
        return False
    if following.assertion is not None:
        return following.assertion.kind in _EARLY
    return following.action in _TRAVEL or following.action is ActionKind.FETCH


def _arrived(step: Step, checks: Sequence[Step], body: Body) -> list[Statement]:
    """Wait for the page that the step led to, unless the test asserts it anyway."""
    effect = step.effect
    if effect is None or not effect.url:
        return []
    known, body.place = body.place, effect.url
    if step.action is ActionKind.NAVIGATE:
        known = urlsplit(step.value).path
        if _same_place(effect.url, known):
            return []
    if _same_place(effect.url, known) or effect.tab:
        return []
    if any(one.assertion and one.assertion.kind is AssertionKind.URL for one in checks[:1]):
        return []
    return [expect(Name(body.page), "to_have_url", call(None, "path", text(effect.url)))]


def _same_place(one: str, other: str) -> bool:
    return one.partition("?")[0].rstrip("/") == other.partition("?")[0].rstrip("/")


# -- the actions ---------------------------------------------------------------------------------


def _value(step: Step, body: Body) -> Text:
    """What is entered, in the form that the field takes."""
    if step.secret:
        words = step.target.fingerprint.name if step.target else ""
        return secret(step.value, words, body)
    literal = plain(step.value) if step.value not in body.secrets else None
    if literal is not None and step.target is not None:
        return text(proper(step.target.fingerprint.attributes.get("type", ""), literal))
    return rendered(step.value, body)


def _on(name: str, **options: Expression) -> Callable[[Step, Body], list[Statement]]:
    """An action that is one method of the element without a value."""

    def build(step: Step, body: Body) -> list[Statement]:
        assert step.target is not None, f"{name} needs an element"
        return [Do(call(located(step.target, body), name, **options))]

    return build


def _of_page(name: str) -> Callable[[Step, Body], list[Statement]]:
    """An action that is one method of the page."""

    def build(step: Step, body: Body) -> list[Statement]:
        return [Do(call(Name(body.page), name))]

    return build


def _navigate(step: Step, body: Body) -> list[Statement]:
    return [Do(call(Name(body.page), "goto", rendered(step.value, body)))]


def _type(step: Step, body: Body) -> list[Statement]:
    value = _value(step, body)
    bundle = step.target
    if bundle is None:
        return [Do(call(Name(body.page), "keyboard.type", value))]
    field = located(bundle, body)
    if is_native_select(bundle):
        return [Do(call(field, "select_option", value))]
    if is_code(bundle):
        return [Do(call(None, "write_code", field, value))]
    if suggests(bundle):
        return [Do(call(field, "clear")), Do(call(field, "press_sequentially", value))]
    if is_field(bundle) or bundle.fingerprint.role == "generic":
        return [Do(call(field, "fill", value))]
    return [Do(call(field, "click")), Do(call(Name(body.page), "keyboard.type", value))]


def _append(step: Step, body: Body) -> list[Statement]:
    value = _value(step, body)
    if step.target is None:
        return [Do(call(Name(body.page), "keyboard.type", value))]
    field = located(step.target, body)
    end = call(field, "press", text("ControlOrMeta+End"))
    return [Do(end), Do(call(field, "press_sequentially", value))]


def _press(step: Step, body: Body) -> list[Statement]:
    key = rendered(step.value, body)
    if step.target is None:
        return [Do(call(Name(body.page), "keyboard.press", key))]
    return [Do(call(located(step.target, body), "press", key))]


def _select(step: Step, body: Body) -> list[Statement]:
    bundle = step.target
    assert bundle is not None, "select needs an element"
    box = located(bundle, body)
    wanted = [rendered(line, body) for line in step.value.split("\n") if line.strip()]
    if is_native_select(bundle):
        chosen: Expression = wanted[0] if len(wanted) == 1 else Several(tuple(wanted))
        return [Do(call(box, "select_option", chosen))]
    done: list[Statement] = []
    for one in wanted:
        option = call(Name(body.page), "get_by_role", text("option"), name=one, exact=Value(True))
        done += [Do(call(box, "click")), Do(call(option, "click"))]
    return done


def _tick(step: Step, body: Body) -> list[Statement]:
    bundle = step.target
    assert bundle is not None, "ticking needs an element"
    box = located(bundle, body)
    name = "check" if step.action is ActionKind.CHECK else "uncheck"
    if not is_checkable(bundle):
        return [Do(call(box, "click"))]
    if is_tiny(bundle):
        wanted = Value(step.action is ActionKind.CHECK)
        return [Do(call(None, "tick_hidden", box, wanted))]
    return [Do(call(box, name))]


def _upload(step: Step, body: Body) -> list[Statement]:
    assert step.target is not None, "uploading needs an element"
    names = [body.files.name(one.filename, one.content) for one in step.files]
    files = [call(None, "file", text(name)) for name in names]
    given: Expression = files[0] if len(files) == 1 else Several(tuple(files))
    field = located(step.target, body)
    if is_file_field(step.target):
        return [Do(call(field, "set_input_files", given))]
    opens = (Do(call(field, "click")),)
    name = body.fresh("chooser")
    chosen = call(Name(name), "set_files", given)
    return [During("file_chooser", body.page, name, opens), Do(chosen)]


def _drag(step: Step, body: Body) -> list[Statement]:
    assert step.target is not None, "dragging needs an element"
    source = located(step.target, body)
    if step.to is not None:
        return [Do(call(source, "drag_to", located(step.to, body)))]
    x, _, y = step.value.partition(",")
    by = (Value(round(float(x or 0))), Value(round(float(y or 0))))
    return [Do(call(None, "drag_by", Name(body.page), source, *by))]


def _resize(step: Step, body: Body) -> list[Statement]:
    assert step.target is not None, "resizing needs an element"
    x, _, y = step.value.partition(",")
    by = (Value(round(float(x or 0))), Value(round(float(y or 0))))
    return [Do(call(None, "resize_by", Name(body.page), located(step.target, body), *by))]


def _select_text(step: Step, body: Body) -> list[Statement]:
    assert step.target is not None, "text is selected in an element"
    element = located(step.target, body)
    if not step.value:
        return [Do(call(element, "select_text"))]
    return [Do(call(None, "select_words", element, rendered(step.value, body)))]


def _scroll(step: Step, body: Body) -> list[Statement]:
    if step.target is not None:
        return [Do(call(located(step.target, body), "scroll_into_view_if_needed"))]
    value = rendered(step.value.strip().lower(), body)
    return [Do(call(None, "scroll", Name(body.page), value))]


def _slide(step: Step, body: Body) -> list[Statement]:
    assert step.target is not None, "a slider is an element"
    slider = located(step.target, body)
    if is_slider_of_aria(step.target):
        return [Do(call(None, "slide", slider, rendered(step.value, body)))]
    return [Do(call(slider, "fill", rendered(step.value, body)))]


def _wait(step: Step, body: Body) -> list[Statement]:
    patience = Value(20_000)
    gone = step.action is ActionKind.WAIT_GONE
    if step.target is not None:
        check = "to_be_hidden" if gone else "to_be_visible"
        return [expect(located(step.target, body), check, timeout=patience)]
    check = "not_to_contain_text" if gone else "to_contain_text"
    return [said(rendered(step.value, body), body, check, timeout=patience)]


def _fetch(step: Step, body: Body) -> list[Statement]:
    line, _, sent = step.value.partition("\n")
    method, _, rest = line.partition(" ")
    if not (rest and method.isupper()):
        method, rest = "GET", line
    given: dict[str, Expression] = {}
    if sent:
        given = {"data": rendered(sent, body)}
        try:
            json.loads(sent)
        except ValueError:
            pass
        else:
            kind = text("application/json")
            given["headers"] = Pairs((("Content-Type", kind),))
    if method != "GET":
        given = {"method": text(method), **given}
    name = "request.get" if method == "GET" else "request.fetch"
    got = call(Name(body.page), name, rendered(rest.strip(), body), **given)
    response = body.fresh("response")
    content = call(Name(response), "text")
    return [Let(response, got), Let(body.fresh("content"), content)]


def _open_tab(step: Step, body: Body) -> list[Statement]:
    opened = call(None, "new_tab", Name(body.page))
    found: list[Statement] = [Let(body.new_tab(), opened)]
    return [*found, *_navigate(step, body)] if step.value else found


def _switch_tab(step: Step, body: Body) -> list[Statement]:
    place = int(step.value)
    if not 1 <= place <= len(body.tabs):
        return [Fail(f"“{step.text}” means a tab that the test did not open.")]
    body.bring(body.tabs[place - 1])
    return [Do(call(Name(body.page), "bring_to_front"))]


def _close_tab(step: Step, body: Body) -> list[Statement]:
    place = int(step.value) if step.value else body.tabs.index(body.page) + 1
    if not 1 <= place <= len(body.tabs) or len(body.tabs) < 2:
        return [Fail(f"“{step.text}” means a tab that the test did not open.")]
    tab = body.tabs[place - 1]
    body.drop(tab)
    return [Do(call(Name(tab), "close"))]


def said(
    wanted: Text,
    body: Body,
    check: str = "to_contain_text",
    place: Call | None = None,
    **options: Expression,
) -> Do:
    """That a text can be read, or not, on the page or in a place of it."""
    where = place or call(Name(body.page), "locator", text("body"))
    pattern = call(None, "words", wanted)
    return expect(where, check, pattern, use_inner_text=Value(True), **options)


_ACTIONS: dict[ActionKind, Callable[[Step, Body], list[Statement]]] = {
    ActionKind.NAVIGATE: _navigate,
    ActionKind.BACK: _of_page("go_back"),
    ActionKind.FORWARD: _of_page("go_forward"),
    ActionKind.RELOAD: _of_page("reload"),
    ActionKind.CLICK: _on("click"),
    ActionKind.DOUBLE_CLICK: _on("dblclick"),
    ActionKind.RIGHT_CLICK: _on("click", button=text("right")),
    ActionKind.TYPE: _type,
    ActionKind.APPEND: _append,
    ActionKind.CLEAR: _on("clear"),
    ActionKind.PRESS: _press,
    ActionKind.SELECT: _select,
    ActionKind.CHECK: _tick,
    ActionKind.UNCHECK: _tick,
    ActionKind.UPLOAD: _upload,
    ActionKind.HOVER: _on("hover"),
    ActionKind.DRAG: _drag,
    ActionKind.SCROLL: _scroll,
    ActionKind.SET_SLIDER: _slide,
    ActionKind.SELECT_TEXT: _select_text,
    ActionKind.RESIZE: _resize,
    ActionKind.WAIT_FOR: _wait,
    ActionKind.WAIT_GONE: _wait,
    ActionKind.FETCH: _fetch,
    ActionKind.OPEN_TAB: _open_tab,
    ActionKind.SWITCH_TAB: _switch_tab,
    ActionKind.CLOSE_TAB: _close_tab,
}
