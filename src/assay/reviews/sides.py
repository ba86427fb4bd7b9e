"""Base and preview side by side: which pages, what differs, and which differences hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urljoin

from assay.atlas import service as atlas
from assay.atlas.model import AppMap, State
from assay.browser.port import BrowserPool
from assay.projects.model import Target
from assay.reviews import impact, visits
from assay.reviews.clues import Clues
from assay.reviews.compare import compare
from assay.reviews.differences import Difference, Triple, folded, load_difference
from assay.reviews.model import FindingKind
from assay.reviews.novelties import Fresh, fresh_of
from assay.reviews.ports import Json, Work
from assay.reviews.views import View, path_of

_MOST_PAGES = 12
_MOST_PROVEN = 8
_MOST_OTHERS = 3
_MOST_FRESH = 12
_MOST_MADE = 4
_MOST_GUESSED = 6


@dataclass(frozen=True, slots=True)
class Sides:
    """What comparing found; ``unreachable`` says in a sentence that the preview does not open,
    ``fresh`` is what the change brings to these pages."""

    paths: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    unreachable: str = ""
    notes: tuple[str, ...] = ()
    fresh: tuple[Fresh, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the pages to compare are chosen by: the change's clues, what it is said to be about,
    and addresses that related tests use."""

    clues: Clues
    about: str
    paths: tuple[str, ...] = ()


async def side_by_side(
    pool: BrowserPool,
    preview: Target,
    base: Target | None,
    known: AppMap | None,
    wanted: Wanted,
    work: Work,
) -> Sides:
    """Compare the pages that a change can reach, once per turn; without a base only look whether
    the preview opens."""

    async def once() -> Json:
        async with work.browser():
            return _dump(await _compared(pool, preview, base, known, wanted, work))

    key = f"review:sides:{preview.environment_id}"
    return _load(await work.journal(key, once))


async def _compared(
    pool: BrowserPool,
    preview: Target,
    base: Target | None,
    known: AppMap | None,
    wanted: Wanted,
    work: Work,
) -> Sides:
    home = path_of(preview.url)
    if base is None:
        opened = (await visits.visit(pool, preview, [home], work))[0]
        return Sides(unreachable=_closed(preview, opened))
    await work.say(f"Comparing {preview.url} with {base.url}.")
    if known is None or not known.states:
        known = await visits.look_around(pool, base, wanted.about)
        async with work.write() as session:
            await atlas.keep(session, base, known)
    known = replace(
        known, states=(*known.states, *await _elsewhere(pool, base, known, wanted, work))
    )
    paths = _paths(known, wanted, home, base)
    first = await visits.visit_both(pool, base, preview, paths, work)
    before, after = first[0]
    if after.problem:
        return Sides(unreachable=_closed(preview, after))
    if before.problem:
        note = f"{base.url} could not be opened, so there was nothing to compare with"
        return Sides(notes=(f"{note}: {before.problem}",))
    others = _others([one for one, _ in first], paths)
    if others:
        first += await visits.visit_both(pool, base, preview, others, work)
        paths += others
    differences = await _lasting(pool, base, preview, first, wanted.clues, work)
    proven = await _proven(pool, preview, base, differences, work)
    made = [path for path in impact.made(wanted.clues) if path not in paths][:_MOST_MADE]
    new = await visits.visit_both(pool, base, preview, made, work) if made else []
    fresh = tuple(fresh_of([*new, *first], wanted.clues)[:_MOST_FRESH])
    return Sides(tuple(paths), tuple(proven), fresh=fresh)


async def _elsewhere(
    pool: BrowserPool, base: Target, known: AppMap, wanted: Wanted, work: Work
) -> tuple[State, ...]:
    """Pages of the change that no link led to, looked for where they would be by convention."""
    guessed = impact.addresses(wanted.clues, known.states)[:_MOST_GUESSED]
    if not guessed:
        return ()
    home, *opened = await visits.visit(pool, base, [path_of(base.url), *guessed], work)
    first = next((one for one in opened if _is_own(one, home)), None)
    if first is None:
        return ()
    start = replace(base, url=urljoin(base.url, first.landed))
    return (await visits.look_around(pool, start, wanted.about)).states


def _is_own(view: View, home: View) -> bool:
    """Whether a page that was guessed is there: sites may lead every address to their start page
    or show it there."""
    if view.problem or (view.status or 200) >= 400 or view.wall:
        return False
    here = view.landed.strip("/").casefold() == view.path.strip("/").casefold()
    return here and (view.title, view.lines) != (home.title, home.lines)


def _closed(preview: Target, view: View) -> str:
    return f"{preview.url} could not be opened: {view.problem}" if view.problem else ""


def _paths(known: AppMap, wanted: Wanted, home: str, base: Target) -> list[str]:
    states = impact.pages(wanted.clues, known, wanted.about, _MOST_PAGES)
    mapped = [path_of(state.url) for state in states if visits.same_place(state.url, base)]
    tested = wanted.paths[: _MOST_PAGES // 2]
    return list(dict.fromkeys([home, *tested, *mapped]))[:_MOST_PAGES]


def _others(views: Sequence[View], paths: Sequence[str]) -> list[str]:
    """Pages of records of the kinds that were looked at, one of each sort that its list shows.

    The app map holds one page for all records of a kind, but a record that is closed, empty or
    sold out may have another page than the rest.
    """
    kinds = {route for path in paths if "*" in (route := impact.route_of(path))}
    sorts = {
        (impact.route_of(row.href), folded(row.text))
        for view in views
        for rows in view.lists
        for row in rows
        if row.href in paths
    }
    found: list[str] = []
    for row in (row for view in views for rows in view.lists for row in rows):
        sort = (impact.route_of(row.href), folded(row.text))
        if row.href and sort[0] in kinds and sort not in sorts and row.href not in paths:
            sorts.add(sort)
            found.append(row.href)
    return found[:_MOST_OTHERS]


async def _proven(
    pool: BrowserPool,
    preview: Target,
    base: Target,
    differences: Sequence[Difference],
    work: Work,
) -> list[Difference]:
    """Rows and links count as missing only where what they lead to is the same on both sides.

    One record that only one side has shows that the data are others, so that no list counts.
    """
    asked = [path for one in differences if one.regression for path in one.needs]
    paths = list(dict.fromkeys(asked))[:_MOST_PROVEN]
    if not paths:
        return list(differences)
    pairs = await visits.visit_both(pool, base, preview, paths, work)
    there = {path for path, (one, other) in zip(paths, pairs, strict=True) if _same(one, other)}
    holding = [
        replace(one, regression=one.regression and there.issuperset(one.needs))
        for one in differences
    ]
    other_data = any(
        before.regression and not after.regression and before.kind is FindingKind.CONTENT_MISSING
        for before, after in zip(differences, holding, strict=True)
    )
    if not other_data:
        return holding
    return [
        replace(one, regression=one.regression and one.kind is not FindingKind.CONTENT_MISSING)
        for one in holding
    ]


def _same(base: View, preview: View) -> bool:
    if base.problem or preview.problem or (preview.status or 200) >= 400:
        return False
    return (base.landed, base.title, base.lines[:40]) == (
        preview.landed,
        preview.title,
        preview.lines[:40],
    )


async def _lasting(
    pool: BrowserPool,
    base: Target,
    preview: Target,
    first: Sequence[tuple[View, View]],
    clues: Clues,
    work: Work,
) -> list[Difference]:
    """The differences that hold at a second look at both environments, which tells the noise.

    Only pages that differ are looked at again.
    """
    triples = [Triple(before, before, after) for before, after in first]
    paths = list(dict.fromkeys(one.path for one in compare(triples, clues)))
    if not paths:
        return []
    pairs = await visits.visit_both(pool, base, preview, paths, work)
    again = dict(zip(paths, pairs, strict=True))
    told = [
        replace(one, again=again[one.base.path][0]) if one.base.path in again else one
        for one in triples
    ]
    second = [
        replace(one, preview=again[one.base.path][1]) if one.base.path in again else one
        for one in told
    ]
    lasting = {(one.kind, one.path, one.title) for one in compare(second, clues) if one.regression}
    return [
        replace(one, regression=one.regression and (one.kind, one.path, one.title) in lasting)
        for one in compare(told, clues)
    ]


def _dump(sides: Sides) -> Json:
    return asdict(sides)


def _load(data: Json) -> Sides:
    differences = tuple(load_difference(one) for one in data["differences"])
    fresh = tuple(Fresh(**one) for one in data.get("fresh", ()))
    return Sides(
        tuple(data["paths"]), differences, data["unreachable"], tuple(data["notes"]), fresh
    )
