"""Whether an assertion holds on an observation, and in one sentence what was seen instead.

Pure: nothing here looks at a page; replay observes again until an assertion holds or time is up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fnmatch import fnmatchcase
from urllib.parse import parse_qsl, unquote, urlsplit

from assay.browser.model import Node, Observation
from assay.cases.check_rows import check_rows
from assay.cases.check_traffic import (
    download_has,
    json_has,
    no_console_error,
    no_failed_request,
)
from assay.cases.facts import Check, Facts
from assay.cases.find import find, within
from assay.cases.items import is_struck
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, shorten, stems

_ROWS = frozenset(
    {
        AssertionKind.COUNT,
        AssertionKind.CELL,
        AssertionKind.EVERY_ROW,
        AssertionKind.SORTED,
        AssertionKind.FIRST_ROW,
    }
)
_STATES = {
    AssertionKind.CHECKED: ("checked", "ticked"),
    AssertionKind.UNCHECKED: ("checked", "ticked"),
    AssertionKind.ENABLED: ("disabled", "disabled"),
    AssertionKind.DISABLED: ("disabled", "disabled"),
}
_NEGATED = {AssertionKind.UNCHECKED, AssertionKind.ENABLED}


def evaluate(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """Check one assertion on one observation; never raises for a page that is not as expected."""
    assertion = _rendered(assertion, facts)
    kind = assertion.kind
    if kind in _ROWS:
        return check_rows(assertion, observation, facts)
    if kind in _STATES:
        return _state(assertion, observation, facts)
    return _CHECKS[kind](assertion, observation, facts)


def _rendered(assertion: Assertion, facts: Facts) -> Assertion:
    return replace(
        assertion,
        text=facts.render(assertion.text),
        row=facts.render(assertion.row),
        options=tuple(_rendered(option, facts) for option in assertion.options),
    )


def page_line(observation: Observation) -> str:
    """What a page mainly says, for telling what was seen: a notice, else its heading or title."""
    if observation.notices:
        return f"the page shows “{shorten(observation.notices[0])}”"
    headings = sorted(
        (n for n in observation.nodes if n.role == "heading" and n.text), key=lambda n: n.level or 9
    )
    where = urlsplit(observation.url).path or "/"
    if headings:
        return f"the page {where} shows “{shorten(headings[0].text, 80)}”"
    if observation.text.strip():
        return f"the page {where} shows “{shorten(observation.text, 80)}”"
    return f"the page {where} is blank"


def _hay(assertion: Assertion, observation: Observation, facts: Facts) -> str | None:
    """The text to search: the scope's, or everything a person could read; None without scope."""
    if assertion.scope is None:
        parts = [observation.text, *observation.notices]
        parts += [dialog.message for dialog in facts.dialogs]
        return "\n".join(parts)
    nodes = find(observation, assertion.scope, render=facts.render)
    return "\n".join(_text_of(node, observation) for node in nodes) if nodes else None


def _text_of(node: Node, observation: Observation) -> str:
    inner = within(observation, node.ref) if not node.text else ()
    return node.text or node.name or "\n".join(item.text for item in inner if item.text)


def _closest(hay: str, wanted: str) -> str:
    """The line with most of the wanted words, more than half; its number too if one is wanted."""
    words = set(stems(wanted))
    names = {word for word in words if not any(char.isdigit() for char in word)} or words
    lines = [line for line in hay.splitlines() if line.strip()]
    numbers = any(char.isdigit() for char in wanted)
    best, most = "", 0.0
    for place, line in enumerate(lines):
        common = float(len(names & set(stems(line))))
        if numbers and common and not any(char.isdigit() for char in line):
            # A label and its value are often two lines.
            following = lines[place + 1] if place + 1 < len(lines) else ""
            valued = len(following) < 40 and any(char.isdigit() for char in following)
            line = f"{line} {following}" if valued else line
            common -= 0 if valued else 0.5
        if common > most:
            best, most = line, common
    return best if most > len(names) / 2 else ""


def _alike(line: str, wanted: str) -> bool:
    """Whether a line says the same of another value, such as another total."""
    names = {word for word in stems(wanted) if not any(char.isdigit() for char in word)}
    return bool(names) and names <= set(stems(line))


def _text(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    hay = _hay(assertion, observation, facts)
    if hay is None:
        return Check(False, f"the place to look in is gone; {page_line(observation)}")
    wanted = assertion.text
    if assertion.exact:
        ok = any(equal(line, wanted) for line in hay.splitlines()) or any(
            equal(node.text, wanted) or equal(node.own_text, wanted)
            for node in _scoped(assertion, observation, facts)
        )
    else:
        ok = contains(hay, wanted)
    if ok:
        return Check(True, f"the page shows “{shorten(wanted)}”")
    near = _closest(hay, wanted)
    if observation.notices and assertion.scope is None and not _alike(near, wanted):
        return Check(False, f"the page shows “{shorten(observation.notices[0])}”")
    if near:
        return Check(False, f"the page shows “{shorten(near)}”")
    return Check(False, page_line(observation))


def _scoped(assertion: Assertion, observation: Observation, facts: Facts) -> tuple[Node, ...]:
    if assertion.scope is None:
        return observation.nodes
    nodes = find(observation, assertion.scope, render=facts.render)
    return tuple(inner for node in nodes for inner in within(observation, node.ref))


def _no_text(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    hay = _hay(assertion, observation, facts)
    if hay is None:
        hay = _hay(replace(assertion, scope=None), observation, facts) or ""
    if not contains(hay, assertion.text):
        return Check(True, f"“{shorten(assertion.text)}” is not on the page")
    line = next((item for item in hay.splitlines() if contains(item, assertion.text)), "")
    return Check(False, f"the page still shows “{shorten(line or assertion.text)}”")


def _visible(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    if assertion.target is None:
        return Check(False, "the assertion names no element")
    if find(observation, assertion.target, strict=True, render=facts.render):
        return Check(True, f"{_name(assertion)} is there")
    return Check(False, f"{_name(assertion)} is not there; {page_line(observation)}")


def _hidden(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    if assertion.target is None:
        return Check(False, "the assertion names no element")
    nodes = find(observation, assertion.target, strict=True, render=facts.render)
    if not nodes:
        return Check(True, f"{_name(assertion)} is not there")
    return Check(False, f"{_name(assertion)} is there")


def _name(assertion: Assertion) -> str:
    if assertion.target is None:
        return "the element"
    seen = assertion.target.fingerprint
    label = seen.name or seen.label or assertion.target.primary.name or seen.text
    role = seen.role if seen.role not in {"", "generic"} else "element"
    return f"the {role} “{shorten(label, 60)}”" if label else f"the {role}"


def _value(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    node = _one(assertion, observation, facts)
    if node is None:
        return Check(False, f"{_name(assertion)} is not there; {page_line(observation)}")
    have = [node.value or ""]
    have += [item for option in node.options if option.selected for item in (option.label,)]
    if any(equal(item, assertion.text) for item in have):
        return Check(True, f"{_name(assertion)} has “{shorten(assertion.text)}”")
    shown = have[-1] if node.options else have[0]
    said = f"has “{shorten(shown)}”" if shown else "is empty"
    return Check(False, f"{_name(assertion)} {said} instead of “{shorten(assertion.text)}”")


def _one(assertion: Assertion, observation: Observation, facts: Facts) -> Node | None:
    if assertion.target is None:
        return None
    nodes = find(observation, assertion.target, render=facts.render)
    return nodes[0] if len(nodes) == 1 else None


def _state(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    word, said = _STATES[assertion.kind]
    target = assertion.target
    nodes = find(observation, target, render=facts.render) if target else ()
    if len(nodes) != 1:
        return Check(False, f"{_name(assertion)} is not there; {page_line(observation)}")
    inside = within(observation, nodes[0].ref)
    on = any(word in node.states for node in inside)
    wanted = assertion.kind not in _NEGATED
    shown = said if on else ("enabled" if word == "disabled" else f"not {said}")
    return Check(on is wanted, f"{_name(assertion)} is {shown}")


def _struck(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    node = _one(assertion, observation, facts)
    if node is None:
        return Check(False, f"{_name(assertion)} is not there; {page_line(observation)}")
    ok = any(is_struck(inner) for inner in within(observation, node.ref))
    return Check(ok, f"{_name(assertion)} is {'' if ok else 'not '}struck through")


def url_matches(url: str, wanted: str) -> bool:
    """Whether a URL has the path (``*`` for any part) and at least the query of a pattern.

    A query name without ``=`` only has to be there; a pattern without path only needs its query.
    """
    have, want = urlsplit(url), urlsplit(wanted)
    path = unquote(have.path) or "/"
    pattern = unquote(want.path)
    bare = fnmatchcase(path.rstrip("/") or "/", pattern.rstrip("/") or "/")
    if pattern and not (bare or fnmatchcase(path, pattern)):
        return False
    if want.fragment and fold(want.fragment) != fold(have.fragment):
        return False
    pairs = dict(parse_qsl(have.query, keep_blank_values=True))
    for item in filter(None, want.query.split("&")):
        name, equals, value = item.partition("=")
        if unquote(name) not in pairs:
            return False
        if equals and not fnmatchcase(
            pairs[unquote(name)], dict(parse_qsl(item, keep_blank_values=True)).get(name, value)
        ):
            return False
    return True


def _url(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    ok = url_matches(observation.url, assertion.text)
    return Check(ok, f"the page is {_where(observation.url)}")


def _not_url(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    ok = not url_matches(observation.url, assertion.text)
    return Check(ok, f"the page is {_where(observation.url)}")


def _where(url: str) -> str:
    parts = urlsplit(url)
    return (
        (parts.path or "/")
        + (f"?{parts.query}" if parts.query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def _title(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    fits = equal if assertion.exact else contains
    ok = fits(observation.title, assertion.text)
    return Check(ok, f"the title is “{shorten(observation.title)}”")


def _status(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    # What was asked for last may have been an address that no page shows.
    status = facts.status if facts.status is not None else observation.status
    seen = f"the page answered with {status}" if status else "the page's status is unknown"
    return Check(status == assertion.number, seen)


def _attribute_of(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    node = _one(assertion, observation, facts)
    if node is None:
        return Check(False, f"{_name(assertion)} is not there; {page_line(observation)}")
    known = {
        "href": node.href,
        "title": node.title,
        "alt": node.alt,
        "placeholder": node.placeholder,
        "type": node.input_type,
        "id": node.dom_id,
        "name": node.dom_name,
    }
    have = node.constraints.get(assertion.column) or known.get(assertion.column, "")
    if assertion.column == "href" and assertion.text.startswith("/"):
        have = _where(have)
    ok = equal(have, assertion.text) or (not assertion.exact and contains(have, assertion.text))
    return Check(ok, f"{assertion.column} of {_name(assertion)} is “{shorten(have)}”")


def _order(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    hay = fold(_hay(assertion, observation, facts) or "")
    places: list[int] = []
    for line in assertion.text.splitlines():
        place = hay.find(fold(line))
        if place < 0:
            return Check(False, f"“{shorten(line)}” is not on the page")
        places.append(place)
    ok = places == sorted(places)
    lines = sorted(zip(places, assertion.text.splitlines(), strict=True))
    return Check(ok, "the order is " + ", ".join(f"“{shorten(line, 40)}”" for _, line in lines))


def _any_of(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    checks = [evaluate(option, observation, facts) for option in assertion.options]
    for check in checks:
        if check.ok:
            return check
    return Check(False, " and ".join(dict.fromkeys(c.seen for c in checks)) or "nothing to check")


_CHECKS: dict[AssertionKind, Callable[[Assertion, Observation, Facts], Check]] = {
    AssertionKind.TEXT: _text,
    AssertionKind.NEW_TEXT: _text,
    AssertionKind.NO_TEXT: _no_text,
    AssertionKind.VISIBLE: _visible,
    AssertionKind.HIDDEN: _hidden,
    AssertionKind.VALUE: _value,
    AssertionKind.STRUCK: _struck,
    AssertionKind.URL: _url,
    AssertionKind.NOT_URL: _not_url,
    AssertionKind.TITLE: _title,
    AssertionKind.STATUS: _status,
    AssertionKind.ATTRIBUTE: _attribute_of,
    AssertionKind.DOWNLOAD: download_has,
    AssertionKind.JSON: json_has,
    AssertionKind.NO_CONSOLE_ERROR: no_console_error,
    AssertionKind.NO_FAILED_REQUEST: no_failed_request,
    AssertionKind.ORDER: _order,
    AssertionKind.ANY_OF: _any_of,
}

__all__ = ["Check", "Facts", "evaluate", "page_line", "url_matches"]
