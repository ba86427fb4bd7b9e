"""Turning the tester's expected result into assertions that really check it.

Strict: a clause becomes assertions that hold now (or held at their moment) and, when it speaks of a
result, that did not hold before; else it is listed as unchecked: a false green is worse than a
draft.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from assay.cases.expect_context import Context
from assay.cases.expect_counted import (
    after_click,
    read_counted_names,
    read_each,
    read_extreme_first,
    read_tally,
)
from assay.cases.expect_derive import derived
from assay.cases.expect_entities import (
    read_emptied,
    read_item_text,
    read_kept_values,
    read_listed,
    read_new_text,
    read_not_made,
    read_old_text,
    read_removed,
    read_struck,
    read_there,
)
from assay.cases.expect_items import (
    read_count,
    read_equals_count,
    read_every,
    read_first,
    read_more,
    read_order,
    read_per_page,
    read_unchanged,
)
from assay.cases.expect_made import read_entered, read_entered_at_end, read_opened, read_placed
from assay.cases.expect_messages import (
    read_covered,
    read_labelled,
    read_literal,
    read_message,
    read_participle,
    read_quoted,
    read_says,
)
from assay.cases.expect_pages import (
    alternative,
    read_enabled,
    read_hidden,
    read_not_blank,
    read_page,
    read_refused,
    read_url,
    read_visible,
)
from assay.cases.expect_plain import read_plain_result
from assay.cases.expect_shown import (
    read_all_shown,
    read_bare_page,
    read_in_list,
    read_list_of,
    read_table_with,
)
from assay.cases.expect_states import read_state_of_all
from assay.cases.expect_stays import read_back, read_still
from assay.cases.expect_views import (
    read_lines,
    read_only_left,
    read_own_state,
    read_page_shows,
    read_right_items,
)
from assay.cases.expect_words import clauses, split_outside, tidy
from assay.cases.model import Assertion, AssertionKind
from assay.cases.trail import Compiled, Proposed, Trail

Reader = Callable[[str, Context], list[Proposed]]

_READERS: tuple[Reader, ...] = (
    read_quoted,
    read_not_blank,
    read_unchanged,
    read_lines,
    read_per_page,
    read_counted_names,
    read_page_shows,
    read_more,
    read_equals_count,
    read_order,
    read_extreme_first,
    read_every,
    read_each,
    read_first,
    read_placed,
    read_entered_at_end,
    read_only_left,
    read_right_items,
    read_state_of_all,
    read_kept_values,
    read_emptied,
    read_item_text,
    read_struck,
    read_new_text,
    read_old_text,
    read_there,
    read_not_made,
    read_url,
    read_refused,
    read_still,
    read_back,
    read_literal,
    read_own_state,
    read_hidden,
    read_count,
    read_labelled,
    read_tally,
    read_enabled,
    read_visible,
    read_says,
    read_message,
    read_removed,
    read_listed,
    read_participle,
    read_in_list,
    read_list_of,
    read_table_with,
    read_all_shown,
    read_page,
    read_opened,
    read_covered,
    read_entered,
    read_bare_page,
)
_THEN = r"\s*,?\s*\b(?:and\s+)?(?:then|afterwards|after that)\b,?\s+"
_COMMA = r"\s*,\s+(?:and\s+|but\s+)?"
_BEFORE = re.compile(r"^(?P<what>\S.*?)\s+(?:before(?:hand)?|at first|to begin with)$", re.I)
_INSTEAD = r"\s*,?\s+(?:instead\s+of|rather\s+than|in\s+place\s+of)\s+"
_AND = r"\s+(?:and|but|while|plus)\s+"


class Similar(Protocol):
    """How close two texts are in meaning, 0 to 1 (see ``meaning``)."""

    def similarity(self, a: str, b: str) -> float: ...


def _unlike(a: str, b: str) -> float:
    return 0.0


def compile_expected(
    expected: Sequence[str], trail: Trail, meaning: Similar | None = None
) -> Compiled:
    """Assertions for every clause of the expected result; the rest is listed as unchecked."""
    context = Context(trail, meaning.similarity if meaning is not None else _unlike)
    found: list[Proposed] = []
    unchecked: list[str] = []
    for line in expected:
        for clause in clauses(line):
            good, bad = _clause(clause, replace(context, shown=tuple(found)))
            found += good
            unchecked += bad
    return Compiled(tuple(_distinct(found)), tuple(dict.fromkeys(unchecked)))


def derive(trail: Trail) -> tuple[Proposed, ...]:
    """Assertions from what the test was seen to do, for when nothing was expected; best first."""
    return derived(Context(trail, _unlike))


def _clause(clause: str, context: Context) -> tuple[list[Proposed], list[str]]:
    """Read a clause whole; else as a sequence; else by its parts, each of which must be read."""
    plain = read_plain_result(clause, context)
    if plain is not None:
        return [replace(item, clause=clause) for item in plain], [] if plain else [clause]
    words = tidy(clause)
    if not words:
        return [], []
    if clicked := after_click(words, context):
        rest, then, place = clicked
        found = [replace(item, moment=place, clause=clause) for item in _read(rest, then)]
        return found, [] if found else [clause]
    whole = _read(words, context)
    if whole:
        return [replace(item, clause=clause) for item in whole], []
    steps = split_outside(words, _THEN)
    if len(steps) > 1:
        found = _sequence(steps, context)
        return ([replace(i, clause=clause) for i in found], []) if found else ([], [clause])
    either = split_outside(words, r"\s+or\s+")
    if len(either) > 1:
        found = _any_of(either, context)
        return ([replace(i, clause=clause) for i in found], []) if found else ([], [clause])
    parts = split_outside(words, _COMMA)
    if len(parts) > 1:
        good: list[Proposed] = []
        bad: list[str] = []
        for part in parts:
            seen = replace(context, shown=(*context.shown, *good))
            one, left = _clause(part, seen)
            good += one
            bad += left
        return good, bad
    if earlier := _earlier(words, context):
        return [replace(item, clause=clause) for item in earlier], []
    parts = split_outside(words, _INSTEAD)
    if len(parts) > 1 and (found := _read(parts[0], context)):
        return [replace(item, clause=clause) for item in found], []
    parts = split_outside(words, _AND)
    if len(parts) > 1:
        read = [_read(tidy(part), context) for part in parts]
        if all(read):
            return [replace(item, clause=clause) for one in read for item in one], []
    return [], [clause]


def _read(words: str, context: Context) -> list[Proposed]:
    """The first reading that is no empty statement; a vacuous one only when there is no other."""
    spare: list[Proposed] = []
    for reader in _READERS:
        found = reader(words, context)
        if not found:
            continue
        if not any(item.vacuous for item in found):
            return found
        spare = spare or found
    if not spare and (filled := context.render(words)) != words:
        return _read(filled, context)
    return spare if _lasting(words) else []


def _lasting(words: str) -> bool:
    """Whether a clause may well have been true before: it names its text or says that it stays."""
    return bool(
        re.search(
            r"['\"\u201c]|\b(?:still|kept|stays?|remains?|unchanged|shows?|says|visible|shown|"
            r"displayed|present|listed|available|offered|every|all|each)\b",
            words,
            re.I,
        )
    )


def _sequence(steps: list[str], context: Context) -> list[Proposed]:
    """For "A, then B": the last holds at the end, those before it at their moments."""
    full = _inherit(steps)
    last = _read(full[-1], context)
    if not last or context.last is None:
        return []
    found = list(last)
    upper = context.last
    for words in reversed(full[:-1]):
        held: list[Proposed] = []
        for place in range(upper - 1, context.main.start - 1, -1):
            now = [item for item in _read(words, context.at(place)) if item.moment in {None, place}]
            if not now and held:
                break
            if now:
                held, upper = now, place
        if not held:
            return []
        found = [replace(item, moment=upper) for item in held] + found
    return found


def _earlier(words: str, context: Context) -> list[Proposed]:
    """For "5 rows before": what held last before the end was reached."""
    match = _BEFORE.match(words)
    if match is None or context.last is None:
        return []
    for place in range(context.last - 1, context.main.start - 1, -1):
        found = [
            item
            for item in _read(match["what"], context.at(place))
            if item.moment in {None, place} and not item.vacuous
        ]
        if found:
            return [replace(item, moment=place) for item in found]
    return []


def _inherit(steps: list[str]) -> list[str]:
    """For "8 products, then none" means "no products" after "8 products"."""
    full: list[str] = []
    for words in (tidy(step) for step in steps):
        if re.fullmatch(r"(?:none|nothing|zero|no(?:t)? (?:one|any)|0)", words, re.I) and full:
            counted = re.match(r"^(?:\d+|\w+)\s+(?P<rest>[\w -]+)$", full[-1])
            every = re.match(r"^(?:all|every|each|both)\s+(?P<rest>[\w -]+)$", full[-1], re.I)
            if every:
                words = f"none {every.group('rest')}"
            elif counted:
                words = f"no {counted.group('rest')}"
        full.append(words)
    return full


def _any_of(parts: list[str], context: Context) -> list[Proposed]:
    """For "403 or login": one of them holds now, and what the others would look like is known."""
    options: list[Assertion] = []
    held = False
    for part in parts:
        found = _read(tidy(part), context)
        ready = [i for i in found if i.moment is None and i.needs is None and i.follow_up is None]
        if len(ready) == 1 and len(found) == 1:
            options.append(ready[0].assertion)
            held = True
            continue
        other = alternative(tidy(part))
        if other is None:
            return []
        options.append(other)
    if not held and not any(context.holds(option) for option in options):
        return []
    assertion = Assertion(AssertionKind.ANY_OF, options=tuple(options))
    return [Proposed(assertion, " or ".join(parts))]


def _distinct(found: list[Proposed]) -> list[Proposed]:
    kept: list[Proposed] = []
    for item in found:
        same = [k for k in kept if k.assertion == item.assertion and k.moment == item.moment]
        if not same:
            kept.append(item)
    return kept


__all__ = ["Compiled", "Proposed", "Similar", "compile_expected", "derive"]
