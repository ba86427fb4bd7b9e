"""Tests for finding things: search, filters, sorting, and the links that lead about a site."""

from __future__ import annotations

import re
from collections import Counter

from assay.atlas.fields import is_button, label_of, meaning
from assay.atlas.focus import MONEY, Spot, Wanted
from assay.atlas.model import Purpose
from assay.browser.model import ActionKind, Collection, Node, Observation
from assay.cases.goals_access import enter_area, find_spot
from assay.cases.goals_workshop import (
    CannotWrite,
    Plan,
    Workshop,
    expect_text,
    expect_url,
    fresh_lines,
    need_form,
    path_of,
    put,
    send,
)
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder

_NONSENSE = "zzqxwvk"
_NOTHING = re.compile(
    r"\b(?:no|0|zero|none|nothing)\b.{0,40}(?:found|result|match|product|item|record|row|entr)|"
    r"not (?:found|match)|did ?n.t match|no (?:results|matches)|\b0 \w+|nothing",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    "view more details item items product products read show with from this that "
    "price stock available cart basket edit delete open".split()
)


def listings(observation: Observation) -> list[Collection]:
    """Lists of content (not menus), the longest text first."""
    chrome = {
        node.ref for node in observation.nodes if node.landmark in {"navigation", "contentinfo"}
    }
    good = [
        item
        for item in observation.collections
        if len(item.item_refs) >= 2 and item.item_refs[0] not in chrome and any(item.item_texts)
    ]
    return sorted(good, key=lambda item: (-_content(item), -len(item.item_refs)))


def _content(collection: Collection) -> float:
    texts = [text for text in collection.item_texts if text]
    length = sum(min(len(text), 120) for text in texts) / max(1, len(texts))
    priced = sum(bool(MONEY.search(text)) for text in texts) / max(1, len(texts))
    return length * min(len(texts), 12) * (1 + priced)


def title_of(observation: Observation, ref: str, text: str) -> str:
    """What an item of a list is called: its heading or first link, else its first line."""
    below = _below(observation, ref)
    for role in ("heading", "link"):
        for node in below:
            words = (node.name or node.text).strip()
            if node.role == role and 3 <= len(words) <= 90:
                return words
    first = MONEY.split(text)[0].strip()
    return first[:80]


def _below(observation: Observation, ref: str) -> list[Node]:
    inside = {ref}
    found: list[Node] = []
    for node in observation.nodes:
        if node.parent in inside or node.ref == ref:
            inside.add(node.ref)
            found.append(node)
    return found


def titles(observation: Observation) -> list[str]:
    """The names of the things the page lists, in order."""
    for collection in listings(observation):
        pairs = zip(collection.item_refs, collection.item_texts, strict=False)
        names = [title_of(observation, ref, text) for ref, text in pairs]
        good = [name for name in names if name]
        if len(set(good)) >= 2:
            return good
    tables = max(observation.tables, key=lambda table: len(table.rows), default=None)
    if tables is None:
        return []
    first = [next((c for c in row if len(c) >= 3), "") for row in tables.rows]
    return [name for name in first if name]


def telling_word(names: list[str]) -> tuple[str, str, str] | None:
    """A word that some names have and others lack, one name with it, and one without it."""
    lowered = [(name, {word.lower() for word in _WORD.findall(name)}) for name in names]
    counts = Counter(word for _name, words in lowered for word in words - _COMMON)
    ranked = sorted(
        (word for word, number in counts.items() if number < len(names)),
        key=lambda word: (counts[word] > max(3, len(names) // 2), -len(word), word),
    )
    for word in ranked:
        have = next(name for name, words in lowered if word in words)
        lack = next(
            (
                name
                for name, words in lowered
                if word not in words and name.lower() not in have.lower()
            ),
            "",
        )
        if lack:
            shown = next(item for item in _WORD.findall(have) if item.lower() == word)
            return shown, have, lack
    for name in names:
        other = next((n for n in names if n != name and name.lower() not in n.lower()), "")
        if other and other.lower() not in name.lower():
            return name.strip(" ?!.,:;"), name, other
    alone = next((item for name in names for item in _WORD.findall(name)), "")
    return (alone, next(name for name in names if alone in name), "") if alone else None


def search_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of searching."""

    async def positive() -> Draft | None:
        return await _search(shop)

    async def nothing() -> Draft | None:
        return await _search_nothing(shop)

    return (
        Plan("search-positive", "Search for something that exists", positive),
        Plan(
            "search-nothing",
            "Search for something that does not exist",
            nothing,
            True,
            "no result nothing empty nonsense not exist",
        ),
    )


async def _search_spot(shop: Workshop) -> Spot:
    spot = await find_spot(shop, "search", Wanted("search", (Purpose.SEARCH,)))
    if spot is None:
        raise CannotWrite("No search was found on the site.")
    return spot


async def _content_word(shop: Workshop) -> tuple[str, str, str] | None:
    """Something real to search for, from the search page or a page that lists things."""
    found = telling_word(titles(shop.seen["search"]))
    if found is not None:
        return found
    wanted = Wanted("catalogue products items list browse all", page=lambda o: len(titles(o)) >= 3)
    listed = await shop.spot("listing", wanted, hops=4, seconds=4.0)
    return telling_word(titles(shop.seen["listing"])) if listed is not None else None


async def _do_search(shop: Workshop, rec: Recorder, spot: Spot, term: str) -> None:
    await enter_area(shop, rec, spot, "Open the page with the search")
    view = need_form(rec, Purpose.SEARCH, spot.form)
    box = view.first("search") or next(
        (node for node in view.fields if node.role in {"textbox", "searchbox", "combobox"}), None
    )
    if box is None:
        raise CannotWrite("The search has no field to type into.")
    await put(rec, box, term, f"Search for “{term}”: enter it into “{label_of(box)}”")
    view = need_form(rec, Purpose.SEARCH, spot.form)
    current = view.first("search") or view.fields[0]
    await send(rec, view, field_ref=current.ref)


async def _search(shop: Workshop) -> Draft | None:
    spot = await _search_spot(shop)
    found = await _content_word(shop)
    if found is None:
        raise CannotWrite("No content was found on the site that a search could look for.")
    term, have, lack = found
    async with shop.recorder("search-positive") as rec:
        await _do_search(shop, rec, spot, term)
        expected: list[str] = []
        main = _main(rec.observation)
        if await _expect_in_results(rec, have, main):
            expected.append(f"“{have}” is among the results")
        said = f"“{lack}” is not among the results"
        if lack and (await rec.expect(Assertion(AssertionKind.NO_TEXT, lack), said)).ok:
            expected.append(f"“{lack}” is not")
        if not expected or not rec.steps or expected[0].endswith("is not"):
            raise CannotWrite(f"Searching for “{term}” did not bring “{have}”.")
        if path_of(rec.moments[-1].before.url) != path_of(rec.observation.url):
            await expect_url(rec)
        return rec.draft(
            "search-positive",
            "Search for something that exists",
            f"Searching for “{term}” finds what has it and leaves out the rest.",
            "; ".join(expected),
        )


def _main(observation: Observation) -> str | None:
    return next((node.ref for node in observation.nodes if node.role == "main"), None)


async def _expect_in_results(rec: Recorder, text: str, main: str | None) -> bool:
    return await expect_text(rec, text, f"“{text}” is among the results", scope=main) or (
        main is not None and await expect_text(rec, text, f"“{text}” is among the results")
    )


async def _search_nothing(shop: Workshop) -> Draft | None:
    spot = await _search_spot(shop)
    async with shop.recorder("search-nothing") as rec:
        await _do_search(shop, rec, spot, _NONSENSE)
        lines = fresh_lines(rec.moments[-1])
        message = next((line for line in lines if _NOTHING.search(line) and len(line) < 160), "")
        said = re.sub(rf"[“\"'‘]?{_NONSENSE}[”\"'’]?", "", message).strip() if message else ""
        shown = bool(message) and (
            await expect_text(rec, message) or (bool(said) and await expect_text(rec, said))
        )
        gone = [name for name in titles(rec.moments[-1].before) if name not in rec.observation.text]
        for name in gone[:1]:
            said = f"“{name}” is not shown"
            await rec.expect(Assertion(AssertionKind.NO_TEXT, name), said)
        if not shown and not gone:
            raise CannotWrite("The site says nothing when a search finds nothing.")
        outcome = f"“{message}” is shown" if shown else f"“{gone[0]}” is not shown"
        return rec.draft(
            "search-nothing",
            "Search for something that does not exist",
            "A search that finds nothing shows nothing.",
            outcome,
        )


def filter_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of narrowing and ordering a list."""

    async def narrow() -> Draft | None:
        return await _narrow(shop)

    async def order() -> Draft | None:
        return await _order(shop)

    return (
        Plan("filter-positive", "Filter the list", narrow, words="filter narrow category facet"),
        Plan("sort-positive", "Sort the list", order, words="sort order price"),
    )


def _lists(observation: Observation) -> bool:
    return len(titles(observation)) >= 3 and any(
        _choice(node) for node in observation.nodes if node.tag == "select"
    )


def _choice(node: Node) -> bool:
    return len([option for option in node.options if not option.disabled]) >= 2


async def _list_spot(shop: Workshop) -> Spot:
    spot = await shop.spot(
        "list", Wanted("catalogue products shop list filter sort", page=_lists), hops=5, seconds=6.0
    )
    if spot is None:
        raise CannotWrite("No list with filters or an order was found on the site.")
    return spot


def _is_order(node: Node) -> bool:
    words = f"{label_of(node)} {node.dom_name} " + " ".join(o.label for o in node.options)
    return meaning(node) == "sort" or bool(
        re.search(r"\bsort|order by|low to high|high to low|newest|ascending", words, re.IGNORECASE)
    )


async def _choose(rec: Recorder, node: Node, option: str) -> None:
    before = rec.observation
    await rec.act(ActionKind.SELECT, node.ref, value=option)
    if titles(rec.observation) != titles(before) or rec.observation.url != before.url:
        return
    views = [n for n in rec.observation.nodes if is_button(n) and n.form is not None]
    chosen = next(
        (n for n in rec.observation.nodes if n.dom_name == node.dom_name and n.tag == "select"),
        None,
    )
    send_with = [
        n
        for n in views
        if chosen is not None
        and n.form == chosen.form
        and re.search(r"apply|filter|sort|go|show|search|update", label_of(n), re.IGNORECASE)
    ]
    if send_with:
        await rec.act(ActionKind.CLICK, send_with[0].ref)


async def _narrow(shop: Workshop) -> Draft | None:
    spot = await _list_spot(shop)
    async with shop.recorder("filter-positive") as rec:
        await enter_area(shop, rec, spot)
        boxes = [
            node
            for node in rec.observation.nodes
            if node.tag == "select"
            and _choice(node)
            and not _is_order(node)
            and meaning(node) != "quantity"
        ]
        for node in boxes[:2]:
            before = titles(rec.observation)
            selected = {option.label for option in node.options if option.selected}
            option = next(
                (
                    o.label
                    for o in node.options
                    if o.label not in selected and o.value and not o.disabled
                ),
                "",
            )
            if not option:
                continue
            await _choose(rec, node, option)
            after = titles(rec.observation)
            gone = [name for name in before if name not in rec.observation.text]
            if after and gone and set(after) <= set(before):
                await _expect_in_results(rec, after[0], _main(rec.observation))
                await rec.expect(
                    Assertion(AssertionKind.NO_TEXT, gone[0]), f"“{gone[0]}” is not shown"
                )
                return rec.draft(
                    "filter-positive",
                    f"Filter the list by “{option}”",
                    f"Choosing “{option}” in “{label_of(node)}” narrows the list.",
                    f"“{after[0]}” is shown and “{gone[0]}” is not",
                )
        return None


async def _order(shop: Workshop) -> Draft | None:
    spot = await _list_spot(shop)
    async with shop.recorder("sort-positive") as rec:
        await enter_area(shop, rec, spot)
        node = next(
            (n for n in rec.observation.nodes if n.tag == "select" and _choice(n) and _is_order(n)),
            None,
        )
        if node is None:
            return None
        before = titles(rec.observation)
        selected = {option.label for option in node.options if option.selected}
        others = [o.label for o in node.options if o.label not in selected and not o.disabled]
        others.sort(key=lambda label: "price" not in label.lower())
        for option in others[:3]:
            current = next(
                (
                    n
                    for n in rec.observation.nodes
                    if n.dom_name == node.dom_name and n.tag == "select"
                ),
                node,
            )
            await _choose(rec, current, option)
            after = titles(rec.observation)
            if after and after[0] != before[0]:
                listing = listings(rec.observation)[0]
                check = await rec.expect(
                    Assertion(AssertionKind.FIRST_ROW, after[0]),
                    f"“{after[0]}” comes first",
                    scope_ref=listing.ref,
                )
                if check.ok:
                    return rec.draft(
                        "sort-positive",
                        f"Sort the list by “{option}”",
                        f"Choosing “{option}” orders the list.",
                        f"“{after[0]}” comes first",
                    )
        return None
