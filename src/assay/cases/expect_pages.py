"""Readers of clauses about pages: where the test is now, what is (not) there, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from assay.browser.model import (
    Fingerprint,
    Locator,
    LocatorBundle,
    LocatorKind,
    Node,
    Observation,
)
from assay.cases.expect_context import Context, bundle, headings, text_assertion
from assay.cases.expect_words import covers, quoted, same_words
from assay.cases.find import find
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, stem, stems, tokens
from assay.cases.trail import Proposed

ROLES = {
    "button": ("button",),
    "link": ("link",),
    "tab": ("tab", "link"),
    "checkbox": ("checkbox", "switch"),
    "field": ("textbox", "searchbox", "combobox", "spinbutton"),
    "input": ("textbox", "searchbox", "combobox", "spinbutton"),
    "box": ("textbox", "searchbox", "combobox", "checkbox"),
    "heading": ("heading",),
    "headline": ("heading",),
    "title": ("heading",),
    "image": ("img", "image"),
    "picture": ("img", "image"),
    "icon": ("img", "image", "button", "link"),
    "menu": ("menu", "menuitem", "button", "link"),
    "dialog": ("dialog", "alertdialog"),
    "popup": ("dialog", "alertdialog"),
    "option": ("option", "radio"),
    "radio": ("radio",),
    "section": ("heading", "region", "table", "link", "group"),
    "table": ("table", "grid"),
    "form": ("form",),
    "column": ("columnheader",),
    "dropdown": ("combobox", "listbox"),
}
_ROLE = "|".join(sorted(ROLES, key=len, reverse=True))
_IS_SEEN = (
    r"(?:\s+(?:is|are|was))?\s*(?:now\s+)?(?:still\s+)?"
    r"(?:visible|shown|displayed|present|there|available|appears?|shows up|exists?|on the page|"
    r"seen)"
)
_VISIBLE = re.compile(
    rf"^(?:an?\s+|the\s+)?['\"\u201c]?(?P<name>.+?)['\"\u201d]?\s+(?P<role>{_ROLE})"
    rf"s?(?:{_IS_SEEN})?$",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    rf"^(?:(?:no|without(?: an?| the)?)\s+['\"\u201c]?(?P<name>.+?)"
    rf"['\"\u201d]?\s+(?P<role>{_ROLE})s?"
    rf"(?:{_IS_SEEN})?|(?:the\s+|an?\s+)?['\"\u201c]?(?P<name2>.+?)"
    rf"['\"\u201d]?\s+(?P<role2>{_ROLE})s?\s+"
    r"(?:is|are)?\s*(?:not|no longer|n't)\s*(?:visible|shown|displayed|present|there|available|"
    r"seen)|"
    rf"(?:the\s+)?['\"\u201c]?(?P<name3>.+?)['\"\u201d]?\s+(?P<role3>{_ROLE})s?\s+(?:is\s+|are\s+)?"
    r"(?:hidden|gone|missing|disappears?|removed|absent))$",
    re.IGNORECASE,
)
_ENABLED = re.compile(
    rf"^(?:the\s+)?['\"\u201c]?(?P<name>.+?)['\"\u201d]?\s+(?P<role>{_ROLE})\s+(?:is|stays|"
    rf"remains)\s+"
    r"(?:still\s+)?(?P<state>disabled|enabled|greyed out|inactive|clickable|ticked|checked|"
    r"unticked|unchecked|selected)$",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"^(?:(?:the\s+)?(?:user|browser|it)?\s*(?:is|are|lands?|arrives?|goes|gets?|taken|"
    r"redirected|sent|"
    r"forwarded|navigated|directed)\s+(?:redirected\s+|taken\s+|sent\s+|now\s+)?(?:to|on|at)"
    r"\s+)?(?:the\s+|an?\s+)?"
    r"(?P<page>[\w' /-]+?)(?P<noun>\s+(?:page|screen|view|index|dashboard|list|form))?"
    r"(?:\s+(?:is\s+)?(?:open|opens|opened|shown|displayed|visible|loads|loaded|appears?))?$",
    re.IGNORECASE,
)
LOG_IN = re.compile(r"\b(?:log|sign)(?:ging)?[- ]in\b", re.IGNORECASE)
_URL = re.compile(
    r"^(?:the\s+)?(?:page\s+)?(?:url|address|path|location)\s+(?P<how>is|equals|contains|"
    r"includes|ends with|"
    r"starts with|changes to|becomes)\s+['\"\u201c]?(?P<url>\S+?)['\"\u201d]?$|"
    r"^(?:(?:is\s+|are\s+)?(?:redirected|taken|sent)\s+to|on)"
    r"\s+['\"\u201c]?(?P<url2>(?:https?://|/)\S*?)['\"\u201d]?$",
    re.IGNORECASE,
)
_NOT_BLANK = re.compile(
    r"^(?:not|no|never)\s+an?\s*(?:blank|empty|white)\s+(?:page|screen)$|"
    r"^(?:not|no)\s+(?:blank|empty|white)\s+(?:page|screen)$",
    re.IGNORECASE,
)
_GENERIC = {
    "page",
    "row",
    "view",
    "screen",
    "detail",
    "own",
    "new",
    "main",
    "singl",
    "user",
    "next",
}
_OF_ONE = {"row", "detail", "details", "record"}
_MAIN = set(stems("index home main start"))


def read_visible(clause: str, context: Context) -> list[Proposed]:
    """For "Logout link visible": an element of that kind and name is there."""
    match = _VISIBLE.match(clause)
    if match is None or re.match(r"^(?:no|not|without|every|all|only|\d)\b", clause, re.I):
        return []
    if not re.search(_IS_SEEN + "$", clause, re.I) and match.group("role") in {"form", "section"}:
        return []
    node = named(context.now, match.group("name"), ROLES[fold(match.group("role"))])
    if node is None:
        return []
    target = bundle(context, context.now, node.ref, clause)
    found = context.propose(
        Assertion(AssertionKind.VISIBLE, target=target), f"{clause}", ref=node.ref, state=True
    )
    return [found] if found is not None else []


def named(observation: Observation, name: str, roles: tuple[str, ...]) -> Node | None:
    """The element of such a role that the name fits best: the same, part of it, its words."""
    wanted = fold(name).strip("'\" ")
    fitting = [n for n in observation.nodes if n.role in roles and n.name]
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: equal(name, wanted),
        lambda name: contains(name, wanted),
        lambda name: _squashed(wanted) in _squashed(name),
        lambda name: covers(name, stems(wanted)) and bool(stems(wanted)),
    )
    for test in tests:
        matched = [node for node in fitting if test(node.name)]
        if matched:
            return min(matched, key=lambda node: len(node.name))
    return None


def _squashed(text: str) -> str:
    return re.sub(r"[\s_-]", "", fold(text))


def read_hidden(clause: str, context: Context) -> list[Proposed]:
    """For "No Save button", "Users section is not shown": here and on pages just before."""
    match = _HIDDEN.match(clause)
    if match is None:
        return []
    name = match.group("name") or match.group("name2") or match.group("name3")
    role = fold(match.group("role") or match.group("role2") or match.group("role3"))
    name = _added_to(context.now, name) if role == "button" else name
    if any(_present(context.now, name, item) for item in ROLES[role]):
        return []
    places = [
        place
        for place in context.main
        if place != context.last and context.trail.moments[place].effect.navigated
    ]
    assertions = [_absent(name, ROLES[role][0])]
    if role == "section":
        words = Assertion(AssertionKind.NO_TEXT, text=name.strip("'\" "))
        assertions = [words] if context.holds(words) else assertions
    found = [Proposed(item, f"There is no {name} {role}") for item in assertions]
    if role == "section":
        found += _absent_before(context, assertions, name, role, places)
    return found


def _added_to(observation: Observation, name: str) -> str:
    """On a shop's page an "add button" adds to what that page calls its cart."""
    if fold(name) not in {"add", "buy"} or not any(
        contains(node.name, "add") for node in observation.nodes if node.role == "button"
    ):
        return name
    for word in ("cart", "basket", "bag", "trolley"):
        if any(contains(n.name, word) for n in observation.nodes if n.role in {"button", "link"}):
            return f"Add to {word}"
    return name


def _absent_before(
    context: Context, assertions: list[Assertion], name: str, role: str, places: list[int]
) -> list[Proposed]:
    """The same on earlier pages of the visit, where a place like a section is looked for."""
    found: list[Proposed] = []
    for place in places[-2:]:
        page = context.trail.moments[place].after
        if page.url == context.now.url or not page.nodes:
            continue
        if all(context.held_after(item, place) for item in assertions):
            found.append(Proposed(assertions[0], f"There is no {name} {role}", moment=place))
    return found


def _present(observation: Observation, name: str, role: str) -> bool:
    wanted = stems(name)
    return any(
        node.role == role and (contains(node.name, name) or (wanted and covers(node.name, wanted)))
        for node in observation.nodes
    )


def _absent(name: str, role: str) -> Assertion:
    shown = name.strip("'\" ")
    shown = shown if shown != shown.lower() else shown.capitalize()
    target = LocatorBundle(
        Locator(LocatorKind.ROLE, role, name=shown, exact=False),
        (),
        Fingerprint(role=role, name=shown, tag=""),
        f"the {role} {shown}",
    )
    return Assertion(AssertionKind.HIDDEN, target=target)


def read_enabled(clause: str, context: Context) -> list[Proposed]:
    """For "The Save button is disabled", "Remember me checkbox is ticked"."""
    match = _ENABLED.match(clause)
    if match is None:
        return []
    node = named(context.now, match.group("name"), ROLES[fold(match.group("role"))])
    if node is None:
        return []
    kinds = {
        "disabled": AssertionKind.DISABLED,
        "greyed out": AssertionKind.DISABLED,
        "inactive": AssertionKind.DISABLED,
        "enabled": AssertionKind.ENABLED,
        "clickable": AssertionKind.ENABLED,
        "unticked": AssertionKind.UNCHECKED,
        "unchecked": AssertionKind.UNCHECKED,
    }
    kind = kinds.get(fold(match.group("state")), AssertionKind.CHECKED)
    target = bundle(context, context.now, node.ref, clause)
    found = context.propose(Assertion(kind, target=target), clause, ref=node.ref, state=True)
    return [found] if found is not None else []


def read_url(clause: str, context: Context) -> list[Proposed]:
    """For "URL contains /x", "redirected to /x"."""
    match = _URL.match(clause)
    if match is None:
        return []
    wanted = match.group("url") or match.group("url2")
    how = fold(match.group("how") or "is")
    parts = urlsplit(wanted)
    text = (parts.path or "") + (f"?{parts.query}" if parts.query else "")
    if how in {"contains", "includes"} and not wanted.startswith("?"):
        text = f"*{text}*"
    elif how == "ends with":
        text = f"*{text}"
    elif how == "starts with":
        text = f"{text}*"
    found = context.propose(Assertion(AssertionKind.URL, text=text), f"The address is {wanted}")
    return [found] if found is not None else []


def read_page(clause: str, context: Context) -> list[Proposed]:
    """For "Results page", "Admin index", "Order placed page": the page that is open now."""
    match = _PAGE.match(clause)
    if match is None or len(stems(clause)) > 6:
        return []
    noun = (match.group("noun") or "").strip()
    words = match.group("page") + (f" {noun}" if noun in {"index", "dashboard", "list"} else "")
    led = re.match(
        r"^(?:the\s+)?(?:user|browser|it)?\s*(?:is|are|lands?|taken|redirected|sent)\b",
        clause,
        re.I,
    )
    if not (noun or led) or re.match(r"^(?:no|not|still|back|only|every)\b", clause, re.I):
        return []
    if not page_is(context.now, words):
        return []
    where = here(context, context.now)
    place = context.became(Assertion(AssertionKind.URL, text=where))
    found = [
        context.propose(Assertion(AssertionKind.URL, text=where), f"The page is {where}"),
        _heading(context, words),
    ]
    kept = [item for item in found if item is not None and not item.vacuous]
    if kept:
        kept += _followed(context, words)
    for text in quoted(clause):
        name = re.escape(text)
        if re.search(rf"(?i)(?:page|{name})\W{{1,3}}(?:{name}|page)", clause):
            continue  # the page is called so
        said = context.propose(text_assertion(context, text), f"“{text}” is shown")
        if said is None:
            return []
        kept.append(said)
    return kept if kept and (place is not None or len(kept) > 1 or found[1] is not None) else []


def _followed(context: Context, words: str) -> list[Proposed]:
    """The name of the link that led here, when this is the page of the one thing it names."""
    name = context.followed()
    titled = [context.now.title, *headings(context.now)[:2]]
    if not _OF_ONE & set(tokens(words)) and not any(contains(text, name) for text in titled):
        return []
    if not name or set(stems(name)) <= set(stems(words)):
        return []
    text = text_assertion(context, name, fresh=False)
    found = context.propose(text, f"“{name}” is shown", state=True)
    return [found] if found is not None else []


def _heading(context: Context, words: str) -> Proposed | None:
    """The heading or new text that names the page, when one does."""
    wanted = _page_stems(words)
    texts = [text for text in headings(context.now) if covers(text, wanted)]
    if context.last is not None:
        texts += [line for line in context.lines(context.last) if covers(line, wanted)]
    for text in texts:
        if wanted and len(text) <= 160 and not re.search(r"\d", text):
            found = context.propose(text_assertion(context, text), f"“{text}” is shown")
            if found is not None and not found.vacuous:
                return found
    return None


def _page_stems(words: str) -> tuple[str, ...]:
    return tuple(item for item in stems(words) if item not in _GENERIC)


def page_is(observation: Observation, words: str) -> bool:
    """Whether title, headings, address and what a page is for bear out a name for it."""
    words = LOG_IN.sub("login", words)
    wanted = tuple(item for item in stems(words) if item not in _GENERIC)
    if not wanted:
        return fold(words) in {"", "same", "page", "form", "same page", "main"}
    parts = urlsplit(observation.url)
    if _OF_ONE & set(tokens(words)) and set(wanted) & set(stems(parts.path.split("/")[-1])):
        return False  # the list of such things, not one of them
    levels = [node.level or 9 for node in observation.nodes if node.role == "heading"]
    top = [n.text for n in observation.nodes if n.role == "heading" and n.level == min(levels)]
    hay = " ".join(
        (
            observation.title,
            *top[:2],
            re.sub(r"[/_.-]", " ", parts.path),
            re.sub(r"[=&_+-]", " ", parts.query),
        )
    )
    if any("current" in node.states for node in observation.nodes):
        hay += " " + " ".join(n.name for n in observation.nodes if "current" in n.states)
    have = set(stems(hay, content=False))
    have |= {stem(word) for word in ("login",)} if _has_password(observation) else set()
    missing = [word for word in wanted if not (same_words(word) & have)]
    if missing and set(missing) <= _MAIN | set(stems("dashboard list")):
        return len(missing) < len(wanted) and parts.path.rstrip("/").count("/") <= 1
    if not missing:
        return True
    said = {word for line in observation.notices for word in stems(line)}
    return all(same_words(word) & (said | have) for word in missing)


def _has_password(observation: Observation) -> bool:
    return any(node.input_type == "password" for node in observation.nodes)


def here(context: Context, observation: Observation) -> str:
    """The page's path as a pattern that holds in the next run: ids made by this run as ``*``."""
    parts = urlsplit(observation.url)
    path = parts.path or "/"
    known = context.known_paths
    kept = [""]
    for segment in path.split("/")[1:]:
        new = re.fullmatch(r"\d+|[0-9a-f]{8,}|[0-9a-f-]{32,}", segment)
        here = "/".join([*kept, segment])
        seen = any(other == here or other.startswith(here + "/") for other in known)
        kept.append("*" if new and context.may_have_made and not seen else segment)
    path = "/".join(kept)
    return context.templated(path) + (f"#{parts.fragment}" if "/" in parts.fragment else "")


def read_not_blank(clause: str, context: Context) -> list[Proposed]:
    """For "Not a blank page": what the clauses beside it found is shown, else a heading is."""
    if not _NOT_BLANK.match(clause):
        return []
    shown = [
        item
        for item in context.shown
        if item.assertion.kind in {AssertionKind.NEW_TEXT, AssertionKind.TEXT}
        and item.moment is None
    ]
    if shown:
        return [shown[0]]
    for text in headings(context.now):
        found = context.propose(text_assertion(context, text), f"“{text}” is shown", state=True)
        if found is not None:
            return [found]
    return []


def read_refused(clause: str, context: Context) -> list[Proposed]:
    """For "403", "status 404", "login": one way in which the site may refuse or answer."""
    match = re.match(
        r"^(?:an?\s+)?(?:http\s+)?(?:status\s+(?:code\s+)?)?(?P<n>[1-5]\d\d)(?:\s+\w+)*$",
        clause,
        re.I,
    )
    if match:
        assertion = Assertion(AssertionKind.STATUS, number=int(match.group("n")))
        found = context.propose(assertion, f"The page answers with {match.group('n')}")
        return [found] if found is not None else []
    return []


def alternative(clause: str) -> Assertion | None:
    """What a way out ("403", "login page") would look like when it is not the one taken."""
    match = re.match(
        r"^(?:an?\s+)?(?:http\s+)?(?:status\s+(?:code\s+)?)?([1-5]\d\d)\b", clause, re.I
    )
    if match:
        return Assertion(AssertionKind.STATUS, number=int(match.group(1)))
    if set(stems(clause)) & {stem("login"), stem("signin")} or fold(clause) in {
        "log in",
        "sign in",
    }:
        return Assertion(AssertionKind.URL, text="*login*")
    return None


def gone(context: Context, target: LocatorBundle) -> bool:
    """Whether nothing on the page is what the bundle means."""
    return not find(context.now, target, strict=True, render=context.render)
