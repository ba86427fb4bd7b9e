"""Base and preview side by side: which pages, what differs, and which differences hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

from assay.atlas.model import AppMap
from assay.browser.port import BrowserPool
from assay.projects.model import Target
from assay.reviews import impact, visits
from assay.reviews.clues import Clues
from assay.reviews.compare import Difference, Triple, compare
from assay.reviews.model import FindingKind
from assay.reviews.ports import Json, Work
from assay.reviews.views import View, path_of

_MOST_PAGES = 12
_MOST_PROVEN = 6


@dataclass(frozen=True, slots=True)
class Sides:
    """What comparing found; ``unreachable`` says in a sentence that the preview does not open."""

    paths: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    unreachable: str = ""


async def side_by_side(
    pool: BrowserPool,
    preview: Target,
    base: Target | None,
    known: AppMap | None,
    clues: Clues,
    about: str,
    work: Work,
) -> Sides:
    """Compare the pages that a change can reach, once per turn; without a base only look whether
    the preview opens."""

    async def once() -> Json:
        async with work.browser():
            return _dump(await _compared(pool, preview, base, known, clues, about, work))

    key = f"review:sides:{preview.environment_id}"
    return _load(await work.journal(key, once))


async def _compared(
    pool: BrowserPool,
    preview: Target,
    base: Target | None,
    known: AppMap | None,
    clues: Clues,
    about: str,
    work: Work,
) -> Sides:
    home = path_of(preview.url)
    first = (await visits.visit(pool, preview, [home], work))[0]
    if first.problem:
        return Sides(unreachable=f"{preview.url} could not be opened: {first.problem}")
    if base is None:
        return Sides()
    before = (await visits.visit(pool, base, [path_of(base.url)], work))[0]
    if before.problem:
        return Sides(unreachable="")
    await work.say(f"Comparing {preview.url} with {base.url}.")
    if known is None or not known.states:
        known = await visits.look_around(pool, base, about)
    paths = _paths(known, clues, about, home, base)
    views = await visits.visit_all(pool, base, preview, paths, work)
    triples = [Triple(*three) for three in zip(*views, strict=True)]
    differences = compare(triples, clues)
    differences = await _proven(pool, preview, base, differences, work)
    differences = await _lasting(pool, preview, triples, differences, clues, work)
    return Sides(tuple(paths), tuple(differences))


def _paths(known: AppMap, clues: Clues, about: str, home: str, base: Target) -> list[str]:
    states = impact.pages(clues, known, about, _MOST_PAGES)
    paths = [path_of(state.url) for state in states if visits.same_place(state.url, base)]
    return list(dict.fromkeys([home, *paths]))[:_MOST_PAGES]


async def _proven(
    pool: BrowserPool,
    preview: Target,
    base: Target,
    differences: Sequence[Difference],
    work: Work,
) -> list[Difference]:
    """Rows count as missing only where the record's own page is the same on both sides."""
    asked = [one.needs for one in differences if one.regression and one.needs][:_MOST_PROVEN]
    paths = list(dict.fromkeys(asked))
    if not paths:
        return list(differences)
    left = await visits.visit(pool, base, paths, work)
    right = await visits.visit(pool, preview, paths, work)
    there = {
        path
        for path, one, other in zip(paths, left, right, strict=True)
        if _same_record(one, other)
    }
    return [
        replace(one, regression=one.regression and one.needs in there) if one.needs else one
        for one in differences
    ]


def _same_record(base: View, preview: View) -> bool:
    if base.problem or preview.problem or (preview.status or 200) >= 400:
        return False
    return (base.landed, base.title, base.lines[:40]) == (
        preview.landed,
        preview.title,
        preview.lines[:40],
    )


async def _lasting(
    pool: BrowserPool,
    preview: Target,
    triples: Sequence[Triple],
    differences: Sequence[Difference],
    clues: Clues,
    work: Work,
) -> list[Difference]:
    """Regressions that are there at a second look at the preview as well."""
    paths = list(dict.fromkeys(one.path for one in differences if one.regression))
    if not paths:
        return list(differences)
    seen = dict(zip(paths, await visits.visit(pool, preview, paths, work), strict=True))
    # All pages are compared again: whether the data coincide is a matter of all of them.
    second = compare(
        [replace(one, preview=seen.get(one.base.path, one.preview)) for one in triples], clues
    )
    lasting = {(one.kind, one.path, one.title) for one in second if one.regression}
    return [
        replace(one, regression=one.regression and (one.kind, one.path, one.title) in lasting)
        for one in differences
    ]


def _dump(sides: Sides) -> Json:
    return asdict(sides)


def _load(data: Json) -> Sides:
    differences = tuple(
        Difference(**{**one, "kind": FindingKind(one["kind"])}) for one in data["differences"]
    )
    return Sides(tuple(data["paths"]), differences, data["unreachable"])
