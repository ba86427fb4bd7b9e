"""How a page differs between two environments, minus noise and what the change itself explains.

Pure. Only what a harmless change never brings is called a regression: pages and requests that now
fail, new console errors, controls that are gone, rows that are there but no longer listed or listed
in another order, and, where both environments show the same data, other numbers in the same words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assay.reviews import beneath, layout
from assay.reviews.clues import Clues
from assay.reviews.differences import (
    Difference,
    Triple,
    brought,
    explained,
    folded,
    gone,
    short,
)
from assay.reviews.model import FindingKind
from assay.reviews.orders import key_of, reordered, shuffled, turned_round, without_numbers
from assay.reviews.views import Row, View, named, place_of, turn_of

_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_LEAST_SAME = 0.6
_NOT_THERE = {404, 410}
_PROVEN_ROWS = 2
# Numbers of these lines are those of the moment, the build or the visitor.
_PASSING = re.compile(
    r"\d:\d\d|\b[ap]\.?m\b|\bago\b|\b(?:19|20)\d\d\b|\btoday\b|\byesterday\b|\bversion\b|\bbuild\b|"
    r"\brelease\b|\d\s?(?:ms|s|secs?|seconds?|minutes?|kb|mb|gb)\b|\bv?\d+\.\d+\.\d+|\btoken\b|"
    r"\bsession\b|\brandom\b|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d",
    re.IGNORECASE,
)
# What tells of the network or of tools around the application rather than of itself.
_AROUND = re.compile(
    r"net::ERR_|web\s?socket|\bhmr\b|hot[- ]?reload|source ?map|favicon|\bCORS\b|"
    r"Content Security Policy|RefererNotAllowed|/_vercel/|/\.netlify/|/cdn-cgi/",
    re.IGNORECASE,
)


def compare(triples: Sequence[Triple], clues: Clues) -> list[Difference]:
    """The differences of all pages, regressions first."""
    same_data = coincide(triples, clues) and not any(_other_rows(one, clues) for one in triples)
    everywhere = _everywhere(triples)
    elsewhere = _elsewhere(triples)
    found: dict[tuple[str, str], Difference] = {}
    for triple in triples:
        foreign = triple.preview.status in _NOT_THERE and triple.base.path in elsewhere
        for one in page_differences(triple, clues, same_data=same_data, everywhere=everywhere):
            if foreign and one.kind is FindingKind.PAGE_BROKEN:
                one = replace(one, regression=False)
            # A footer or a script that is on every page is told once, where it counts.
            key = (one.kind.value, one.seen)
            if key not in found or (one.regression and not found[key].regression):
                found[key] = one
    return sorted(found.values(), key=lambda one: not one.regression)


def coincide(triples: Sequence[Triple], clues: Clues) -> bool:
    """Whether the environments evidently hold the same data: most pages are alike."""
    readable = [one for one in triples if not one.preview.problem and not one.base.problem]
    alike = sum(
        1
        for one in readable
        if not [line for line in gone(one, lambda v: v.lines) if not explained(line, one, clues)]
    )
    return bool(readable) and alike / len(readable) >= _LEAST_SAME


def _other_rows(triple: Triple, clues: Clues) -> bool:
    """Whether a list of the page has other rows on the preview, so that the data are others."""
    if triple.preview.problem or triple.preview.landed != triple.base.landed:
        return False
    if turn_of(triple.base.landed) in {"up", "down"}:
        return False  # of a list that goes on, another order may show none of the same rows
    for rows in triple.base.lists:
        if rows not in triple.again.lists:
            continue
        other = _counterpart(rows, triple.preview.lists) or ()
        if reordered(rows, other):
            continue  # of a list that goes on, another order shows other rows
        have = {key_of(row) for row in other}
        if any(key_of(row) not in have and not explained(row.text, triple, clues) for row in rows):
            return True
        if {key_of(row) for row in other} - {key_of(row) for row in rows}:
            return True
    return False


def _elsewhere(triples: Sequence[Triple]) -> frozenset[str]:
    """Records of the base that the preview lists other ones in place of, so that they may be no
    data of its own."""
    found: set[str] = set()
    for triple in triples:
        have = {row.href for rows in triple.preview.lists for row in rows if row.href}
        if have:
            found |= {row.href for rows in triple.base.lists for row in rows} - have
    return frozenset(found)


def _everywhere(triples: Sequence[Triple]) -> frozenset[str]:
    """Lines of the base that no preview page shows though most pages of the base do: a version or
    a banner that belongs to the environment."""
    if len(triples) < 3:
        return frozenset()
    counts: Counter[str] = Counter()
    for triple in triples:
        counts.update(set(gone(triple, lambda view: view.lines)))
    return frozenset(line for line, count in counts.items() if count >= 0.8 * len(triples))


def page_differences(
    triple: Triple, clues: Clues, *, same_data: bool, everywhere: frozenset[str] = frozenset()
) -> Iterable[Difference]:
    """The differences of one page. ``everywhere`` are lines that belong to the environment."""
    base, preview = triple.base, triple.preview
    if base.problem or (base.status or 200) >= 400:
        return
    path = base.path
    if preview.problem or (preview.status or 200) >= 400:
        seen = preview.problem or f"it answers {preview.status}, and {base.status or 200} before"
        yield Difference(
            FindingKind.PAGE_BROKEN, f"{path} no longer opens", seen, path, regression=True
        )
        return
    yield from _noise(triple)
    if place_of(triple.again.landed) != place_of(base.landed):
        return  # where it leads is of the moment
    if place_of(preview.landed) != place_of(base.landed):
        yield Difference(
            FindingKind.CONTENT_CHANGED,
            f"{path} leads elsewhere",
            f"it leads to {named(preview.landed)}, and to {named(base.landed)} before",
            path,
            # Without an account there, every page may lead to the sign-in form.
            regression=not mentions(clues, preview.landed) and not preview.wall,
        )
        return
    yield from _controls(triple, clues)
    yield from beneath.compare(triple, clues, same_data=same_data)
    yield from layout.compare(triple, clues)
    listed = list(_lists(triple, clues, same_data=same_data))
    yield from listed
    if same_data and not any(one.regression for one in listed):
        yield from shuffled(triple, clues)
    yield from _numbers(triple, clues, same_data=same_data, everywhere=everywhere)


def _noise(triple: Triple) -> Iterable[Difference]:
    path = triple.base.path
    known = {folded(line) for view in (triple.base, triple.again) for line in view.console}
    for line in triple.preview.console:
        if folded(line) not in known:
            yield Difference(
                FindingKind.CONSOLE_ERROR,
                f"{path} brings a new console error",
                f"the console shows: {line}",
                path,
                regression=not _AROUND.search(line),
            )
    asked = {folded(line) for view in (triple.base, triple.again) for line in view.requests}
    for line in triple.preview.requests:
        if folded(line) not in asked:
            yield Difference(
                FindingKind.REQUEST_FAILED,
                f"A request of {path} fails",
                f"{line}, which did not fail before",
                path,
                regression=not _AROUND.search(line),
            )


def _controls(triple: Triple, clues: Clues) -> Iterable[Difference]:
    targets = dict(triple.base.links)
    for control in gone(triple, lambda view: view.controls):
        if explained(control, triple, clues) or _still_there(control, triple.preview):
            continue
        other = _renamed(control, triple, clues)
        if other:
            yield Difference(
                FindingKind.CONTROL_CHANGED,
                f"A control of {triple.base.path} has another name",
                f"the {control} is the {other} now",
                triple.base.path,
                regression=False,
            )
            continue
        yield Difference(
            FindingKind.CONTROL_MISSING,
            f"A control of {triple.base.path} is gone",
            f"the {control} is no longer there",
            triple.base.path,
            # A name that holds a number may belong to the data, and so may a link to a record
            # that is not there: its page has to prove that it is.
            regression=not re.search(r"\d", control) and _as_visible(triple),
            needs=tuple(filter(None, [targets.get(control)])),
        )


def _still_there(control: str, view: View) -> bool:
    """Whether a control is there in a list now, or as a link in place of a button."""
    role, _, name = control.partition(" ")
    others = [*view.controls, *view.rowed]
    alike = {role, "button", "link"} if role in {"button", "link"} else {role}
    return any(f"{other} {name}" in others for other in alike)


def _renamed(control: str, triple: Triple, clues: Clues) -> str:
    """What stands in the place of a control that is gone, where the change gave it its name."""
    role = control.partition(" ")[0]
    stood = [one for one in triple.base.places if one.control == control and min(one.box[2:]) > 0]
    for now in triple.preview.places:
        fresh = now.control not in triple.base.controls and now.control.startswith(f"{role} ")
        if fresh and brought(now.control, clues) and any(map(now.near, stood)):
            return now.control
    return ""


def _as_visible(triple: Triple) -> bool:
    """Whether both environments showed the page to the same kind of visitor."""
    return triple.base.wall or not triple.preview.wall


def _lists(triple: Triple, clues: Clues, *, same_data: bool) -> Iterable[Difference]:
    stable = [rows for rows in triple.base.lists if rows in triple.again.lists]
    for rows in stable:
        other = _counterpart(rows, triple.preview.lists)
        path = triple.base.path
        if other is None:
            yield from turned_round(rows, triple)
            continue
        if other == rows:
            continue
        moved = len(rows) > 1 and Counter(other) == Counter(rows)
        if moved or (same_data and reordered(rows, other)):
            yield Difference(
                FindingKind.CONTENT_CHANGED,
                f"The list on {path} has another order",
                f"it begins with “{short(other[0].text)}”, and with “{short(rows[0].text)}” before",
                path,
                regression=True,
            )
            continue
        have = {key_of(row) for row in other}
        known = {key_of(row) for row in rows}
        left = [r for r in rows if key_of(r) not in have and not explained(r.text, triple, clues)]
        fresh = [row for row in other if key_of(row) not in known]
        if not left:
            continue
        more = f" nor are {len(left) - 1} more" if len(left) > 1 else ""
        proof = [row.href for row in (*left[:_PROVEN_ROWS], *fresh[:_PROVEN_ROWS])]
        yield Difference(
            FindingKind.CONTENT_MISSING,
            f"The list on {path} leaves something out",
            f"“{short(left[0].text)}” is no longer listed{more}",
            path,
            # Rows of other data are no regression: the records' own pages have to prove that both
            # sides have them. On a page of many, rows move when there are more of them elsewhere.
            regression=all(proof) and turn_of(path) != "page",
            needs=tuple(href for href in proof if href),
        )


def _numbers(
    triple: Triple, clues: Clues, *, same_data: bool, everywhere: frozenset[str]
) -> Iterable[Difference]:
    came = gone(triple.turned, lambda view: view.lines)
    by_words: dict[str, list[str]] = {}
    for line in came:
        by_words.setdefault(without_numbers(line), []).append(line)
    for line in gone(triple, lambda view: view.lines):
        if explained(line, triple, clues):
            continue
        others = by_words.get(without_numbers(line), [])
        counted = bool(_NUMBER.search(line)) and len(others) == 1
        if not counted:
            continue
        yield Difference(
            FindingKind.CONTENT_CHANGED,
            f"{triple.base.path} shows another number",
            f"“{short(others[0])}” stands where “{short(line)}” stood",
            triple.base.path,
            regression=same_data and line not in everywhere and lasting(line),
        )


def lasting(line: str) -> bool:
    """Whether the numbers of a line are those of the application, not of the moment."""
    return bool(re.search(r"[^\W\d_]", line)) and not _PASSING.search(line)


def mentions(clues: Clues, landed: str) -> bool:
    """Whether the change brings the address that a page or form leads to."""
    path = landed.partition("?")[0].strip("/")
    texts = [*clues.added, *(route for file in clues.files for route in file.routes)]
    return bool(path) and any(path in text for text in texts)


def _counterpart(rows: tuple[Row, ...], lists: Sequence[tuple[Row, ...]]) -> tuple[Row, ...] | None:
    """The list of the other page that shares most rows with this one, at least half of them."""
    keys = Counter(key_of(row) for row in rows)
    best: tuple[Row, ...] | None = None
    most = 0
    for one in lists:
        shared = sum((keys & Counter(key_of(row) for row in one)).values())
        if shared > most:
            best, most = one, shared
    return best if best is not None and 2 * most >= min(len(rows), len(best)) else None
