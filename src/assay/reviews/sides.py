"""Base and preview side by side: which pages, what differs, and which differences hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import urljoin, urlsplit

from assay.atlas import service as atlas
from assay.atlas.model import AppMap, State
from assay.browser.port import BrowserPool
from assay.projects.model import Target
from assay.reviews import impact, listed, visits
from assay.reviews.clues import Clues
from assay.reviews.compare import coincide, compare
from assay.reviews.differences import Difference, Triple, load_difference
from assay.reviews.model import FindingKind
from assay.reviews.novelties import Fresh, fresh_of
from assay.reviews.ports import Json, Work
from assay.reviews.views import View, path_of

_MOST_PAGES = 12
_MOST_PROVEN = 8
_MOST_FRESH = 12
_MOST_MADE = 4
_MOST_GUESSED = 6


@dataclass(frozen=True, slots=True)
class Sides:
    """What comparing found; ``unreachable`` says in a sentence that the preview does not open,
    ``apart`` are those of ``paths`` that show a record of another sort than the first of its kind,
    ``fresh`` is what the change brings to these pages, ``same_data`` whether both environments
    evidently show the same data."""

    paths: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()
    unreachable: str = ""
    notes: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    fresh: tuple[Fresh, ...] = ()
    same_data: bool = True


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
            if base is None:
                home = path_of(preview.url)
                opened = (await visits.visit(pool, preview, [home], work))[0]
                return asdict(Sides(unreachable=_closed(preview, opened)))
            await work.say(f"Comparing {preview.url} with {base.url}.")
            return asdict(await _Pair(pool, base, preview, wanted, work).compared(known))

    return _load(await work.journal(f"review:sides:{preview.environment_id}", once))


@dataclass(frozen=True, slots=True)
class _Pair:
    """Two environments that are compared, with everything that takes."""

    pool: BrowserPool
    base: Target
    preview: Target
    wanted: Wanted
    work: Work

    async def compared(self, known: AppMap | None) -> Sides:
        """What differs; ``known`` is the map of the base, made now where there is none."""
        clues = self.wanted.clues
        if known is None or not known.states:
            known = await visits.look_around(self.pool, self.base, self.wanted.about)
            async with self.work.write() as session:
                await atlas.keep(session, self.base, known)
        known = replace(known, states=(*known.states, *await self._elsewhere(known)))
        paths = self._paths(known)
        first = await self._visit(paths)
        before, after = first[0]
        if after.problem:
            return Sides(unreachable=_closed(self.preview, after))
        if before.problem:
            note = f"{self.base.url} could not be opened, so there was nothing to compare with"
            return Sides(notes=(f"{note}: {before.problem}",))
        if self._apart(first):
            return Sides(unreachable=_below(self.base, self.preview))
        seen = [one for one, _ in first]
        records = listed.records(seen, paths)
        others = [*records.paths, *listed.turned(seen, paths)]
        if others:
            first += await self._visit(others)
            paths += others
        differences = await self._proven(await self._lasting(first))
        made = [path for path in impact.made(clues) if path not in paths][:_MOST_MADE]
        new = await self._visit(made) if made else []
        return Sides(
            tuple(paths),
            tuple(differences),
            apart=records.apart,
            fresh=tuple(fresh_of([*new, *first], clues)[:_MOST_FRESH]),
            same_data=coincide([Triple(one, one, other) for one, other in first], clues),
        )

    async def _visit(self, paths: Sequence[str]) -> list[tuple[View, View]]:
        return await visits.visit_both(self.pool, self.base, self.preview, paths, self.work)

    def _apart(self, pairs: Sequence[tuple[View, View]]) -> bool:
        """Whether the preview stands below another path than the base, so that no page of the one
        is found at its path on the other. An address may also name another page of the same."""
        base, preview = _folder(self.base.url), _folder(self.preview.url)
        if base == preview or (preview.startswith(base) and _opened(pairs[0][0])):
            return False
        return not any(
            _opened(other) and other.landed.startswith(f"{preview}/")
            for one, other in pairs[1:]
            if _opened(one)
        )

    async def _elsewhere(self, known: AppMap) -> tuple[State, ...]:
        """Pages of the change that no link led to, looked for where they would be by convention."""
        clues, states = self.wanted.clues, known.states
        found: tuple[State, ...] = ()
        first = next(iter(await self._there(impact.addresses(clues, states))), None)
        if first is not None:
            start = replace(self.base, url=urljoin(self.base.url, first.landed))
            found = (await visits.look_around(self.pool, start, self.wanted.about)).states
        below = await self._there(impact.nested(clues, (*states, *found)))
        return (*found, *(_state(urljoin(self.base.url, one.landed), one) for one in below))

    async def _there(self, guessed: Sequence[str]) -> list[View]:
        """Those of some addresses at which the base has a page of its own."""
        if not guessed:
            return []
        home, *opened = await visits.visit(
            self.pool, self.base, [path_of(self.base.url), *guessed[:_MOST_GUESSED]], self.work
        )
        return [one for one in opened if _is_own(one, home)]

    def _paths(self, known: AppMap) -> list[str]:
        wanted = self.wanted
        states = impact.pages(wanted.clues, known, wanted.about, _MOST_PAGES)
        mapped = [path_of(one.url) for one in states if visits.same_place(one.url, self.base)]
        tested = wanted.paths[: _MOST_PAGES // 2]
        homes = [path_of(one.url) for one in (self.preview, self.base)]
        return list(dict.fromkeys([*homes, *tested, *mapped]))[:_MOST_PAGES]

    async def _lasting(self, first: Sequence[tuple[View, View]]) -> list[Difference]:
        """The differences that hold at a second look at both environments, which tells the noise.

        Only pages that differ are looked at again.
        """
        clues = self.wanted.clues
        triples = [Triple(before, before, after) for before, after in first]
        paths = list(dict.fromkeys(one.path for one in compare(triples, clues)))
        if not paths:
            return []
        again = dict(zip(paths, await self._visit(paths), strict=True))
        told = [
            replace(one, again=again[one.base.path][0]) if one.base.path in again else one
            for one in triples
        ]
        second = [
            replace(one, preview=again[one.base.path][1]) if one.base.path in again else one
            for one in told
        ]
        lasting = {
            (one.kind, one.path, one.title) for one in compare(second, clues) if one.regression
        }
        return [
            replace(one, regression=one.regression and (one.kind, one.path, one.title) in lasting)
            for one in compare(told, clues)
        ]

    async def _proven(self, differences: Sequence[Difference]) -> list[Difference]:
        """Rows and links count as missing only where what they lead to is the same on both sides.

        One record that only one side has shows that the data are others, so that no list counts.
        """
        asked = [path for one in differences if one.regression for path in one.needs]
        paths = list(dict.fromkeys(asked))[:_MOST_PROVEN]
        if not paths:
            return list(differences)
        pairs = await self._visit(paths)
        there = {path for path, (one, other) in zip(paths, pairs, strict=True) if _same(one, other)}
        holding = [
            replace(one, regression=one.regression and there.issuperset(one.needs))
            for one in differences
        ]
        other_data = any(
            before.regression
            and not after.regression
            and before.kind is FindingKind.CONTENT_MISSING
            for before, after in zip(differences, holding, strict=True)
        )
        if not other_data:
            return holding
        return [
            replace(one, regression=one.regression and one.kind is not FindingKind.CONTENT_MISSING)
            for one in holding
        ]


def _is_own(view: View, home: View) -> bool:
    """Whether a page that was guessed is there: sites may lead every address to their start page
    or show it there."""
    if not _opened(view) or view.wall:
        return False
    here = view.landed.strip("/").casefold() == view.path.strip("/").casefold()
    return here and (view.title, view.lines) != (home.title, home.lines)


def _opened(view: View) -> bool:
    return not view.problem and (view.status or 200) < 400


def _folder(url: str) -> str:
    return urlsplit(url).path.rpartition("/")[0]


def _below(base: Target, preview: Target) -> str:
    return (
        f"none of the pages of {base.url} opens at its path on the host of {preview.url}: the two "
        "stand below different paths, and pages and tests are compared at the same ones. Serve the "
        "preview below the same path as the default environment."
    )


def _state(url: str, view: View) -> State:
    return State(view.landed, url, view.title, "", "page", view.landed, depth=0)


def _closed(preview: Target, view: View) -> str:
    return f"{preview.url} could not be opened: {view.problem}" if view.problem else ""


def _same(base: View, preview: View) -> bool:
    if base.problem or preview.problem or (preview.status or 200) >= 400:
        return False
    return (base.landed, base.title, base.lines[:40]) == (
        preview.landed,
        preview.title,
        preview.lines[:40],
    )


def _load(data: Json) -> Sides:
    differences = tuple(map(load_difference, data["differences"]))
    fresh = tuple(Fresh(**one) for one in data.get("fresh", ()))
    told = {name: tuple(data.get(name, ())) for name in ("paths", "notes", "apart")}
    return Sides(**{**data, **told, "differences": differences, "fresh": fresh})
