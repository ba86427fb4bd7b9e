"""Which tests and pages a change can reach, each with its reason, and what none reaches; pure.

Meaning (embeddings) is asked only for tests that words and routes do not find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from assay.atlas.model import AppMap, State
from assay.atlas.rules import may_follow
from assay.atlas.words import is_commit, is_destructive
from assay.browser.footprint import Footprint
from assay.browser.model import ActionKind
from assay.cases.model import Step, TestCase
from assay.reviews.clues import Clues, FileClues, stems_of, words_of
from assay.reviews.covered import narrowed, runs_of
from assay.reviews.model import FileKind, Selection

# Above it a test is taken to reach the change; below, it runs only as a safety net.
RELATED = 0.5
MOST_TESTS = 40
MOST_DRAFTS = 3
_SHORT_TEXT = 4
_MEANT = 0.42
_ID = re.compile(r"^(?:\d+|[0-9a-f]{8,}|[0-9a-f-]{32,36})$", re.IGNORECASE)

_SEGMENT = re.compile(r"[a-z][a-z0-9_-]{2,30}")
# Names that folders and files have whatever their pages are about.
_EVERYWHERE = frozenset(
    "src app apps lib libs site sites web www client frontend backend server public static assets "
    "templates template views view pages page components component partials layouts layout common "
    "shared core main index base utils util helpers helper models model forms form urls url routes "
    "route router routing controllers controller services service store stores hooks api styles "
    "style css scss sass less javascript typescript python dist build vendor node_modules packages "
    "package resources settings config admin init lang locale locales images img fonts venv tests "
    "test spec types".split()
)

# Words that stand in any sentence.
_ANY = frozenset("your you please must have has are was were will can could should there".split())

Rank = Callable[[str, Sequence[str]], list[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Reach:
    """What a test does, as far as a change can be matched to it."""

    test: TestCase
    routes: frozenset[str]
    requests: frozenset[str]
    texts: tuple[str, ...]
    names: frozenset[str]
    words: frozenset[str]
    described: str


@dataclass(frozen=True, slots=True)
class Gap:
    """A changed area that no test is known to reach; ``feature`` are words to ask tests for it,
    ``new`` says that the change brings it."""

    file: str
    feature: str
    new: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be tested: related tests first, then the safety net."""

    selections: tuple[Selection, ...]
    gaps: tuple[Gap, ...]


def reach_of(test: TestCase) -> Reach:
    """What a test is recorded to open, ask for, use and say."""
    routes: set[str] = set()
    requests: set[str] = set()
    texts: dict[str, None] = {}
    names: set[str] = set()
    for step in test.steps:
        if step.action in (ActionKind.NAVIGATE, ActionKind.FETCH):
            routes.add(route_of(step.value))
        if step.effect is not None:
            if step.effect.url:
                routes.add(route_of(step.effect.url))
            requests.update(route_of(one.partition(" ")[2]) for one in step.effect.requests)
        texts.update(dict.fromkeys(text for text in _texts(step) if text))
        names.update(_names(step))
    described = f"{test.name}. {test.goal} {test.expected_result}"
    words = stems_of(words_of(" ".join((described, *texts, *routes))))
    return Reach(
        test,
        frozenset(routes),
        frozenset(requests),
        tuple(texts),
        frozenset(names),
        words,
        described,
    )


def _texts(step: Step) -> Iterable[str]:
    yield step.text
    for bundle in (step.target, step.to):
        if bundle is not None:
            print_ = bundle.fingerprint
            yield from (print_.name, print_.label, print_.text, print_.section)
    if step.assertion is not None:
        one = step.assertion
        yield from (one.text, one.row, one.column)
        for bundle in (one.target, one.scope):
            if bundle is not None:
                yield bundle.fingerprint.name


def _names(step: Step) -> Iterable[str]:
    for bundle in (step.target, step.to):
        if bundle is not None:
            yield from (value for value in bundle.fingerprint.attributes.values() if value)


def route_of(url: str) -> str:
    """The path of an address with ids as ``*``, without a slash at its end."""
    path = urlsplit(url).path if "://" in url else url.partition("?")[0].partition("#")[0]
    parts = ["*" if _ID.match(part) or part == "*" else part for part in path.strip("/").split("/")]
    return "/" + "/".join(parts)


def same_route(wanted: str, route: str) -> bool:
    """Whether a route of the change and one of a test can be the same.

    Routers are nested, so that the change may only know the end of a route.
    """
    want, have = _segments(wanted), _segments(route)
    if not want or len(want) > len(have):
        return want == have and bool(want)
    if not any(part != "*" for part in want):
        return False
    tail = have[len(have) - len(want) :]
    return all(a == b or "*" in (a, b) for a, b in zip(want, tail, strict=True)) and any(
        a == b != "*" for a, b in zip(want, tail, strict=True)
    )


def _segments(route: str) -> list[str]:
    return [part for part in route_of(route).split("/") if part]


def plan(
    clues: Clues,
    tests: Sequence[TestCase],
    kinds: Sequence[FileKind],
    about: str,
    rank: Rank | None = None,
    *,
    most: int = MOST_TESTS,
    footprints: Mapping[str, Footprint] | None = None,
) -> Plan:
    """Choose tests for a change. ``about`` is its description; ``rank`` compares meanings;
    ``footprints`` are what tests run of the site's own code, by their ids."""
    reaches = [reach_of(test) for test in tests]
    best: dict[str, Selection] = {}
    reached: set[str] = set()
    lines = narrowed([file.file for file in clues.files], footprints or {})
    for file in clues.files:
        ran = runs_of(file.file, lines)
        if ran.whole:
            reached.add(file.path)
        for reach in reaches:
            score, reason = match(file, reach)
            if score >= RELATED:
                reached.add(file.path)
            run = ran.runs.get(reach.test.id)
            if run is not None and run.score > score:
                score, reason = run.score, run.reason
            known = best.get(reach.test.id)
            if score > 0 and (known is None or score > known.score):
                best[reach.test.id] = Selection(reach.test.id, reach.test.name, reason, score)
    _by_meaning(best, reaches, clues, about, rank)
    net = "nothing in the change tells for sure what it affects, so this test runs as well"
    for reach in reaches:
        best.setdefault(reach.test.id, Selection(reach.test.id, reach.test.name, net, 0.0))
    ordered = sorted(best.values(), key=lambda one: -one.score)[:most]
    gaps = [
        Gap(file.path, feature_of(file), bool(file.made))
        for file, kind in zip(clues.files, kinds, strict=True)
        # A new route is not covered because an old one beside it is.
        if (file.path not in reached or not _made_reached(file, reaches))
        and kind in (FileKind.USER_FACING, FileKind.API)
    ]
    return Plan(tuple(ordered), tuple(sorted(gaps, key=lambda gap: not gap.new)))


def drafts_of(
    clues: Clues, drafts: Sequence[TestCase], *, tested: bool, most: int = MOST_DRAFTS
) -> list[TestCase]:
    """The drafts whose steps are worth following: those that a change reaches and, where it was not
    ``tested``, the others after them.

    What nobody has proven is not trusted with what destroys, pays or sends something.
    """
    scored: list[tuple[float, int, TestCase]] = []
    for draft in drafts:
        acts = [step for step in draft.steps if step.action is not None]
        harmful = any(is_destructive(one.text) or is_commit(one.text) for one in acts)
        reach = reach_of(draft)
        score = max((match(file, reach)[0] for file in clues.files), default=0.0)
        if len(acts) > 1 and not harmful and (score >= RELATED or not tested):
            scored.append((-score, len(scored), draft))
    return [draft for _, _, draft in sorted(scored, key=lambda one: one[:2])][:most]


def _made_reached(file: FileClues, reaches: Sequence[Reach]) -> bool:
    opened = [route for reach in reaches for route in (*reach.routes, *reach.requests)]
    return all(any(same_route(made, one) for one in opened) for made in file.made)


def _by_meaning(
    best: dict[str, Selection],
    reaches: Sequence[Reach],
    clues: Clues,
    about: str,
    rank: Rank | None,
) -> None:
    left = [reach for reach in reaches if best.get(reach.test.id, _NONE).score < RELATED]
    said = about.strip() or " ".join(word for file in clues.files for word in file.words[:4])
    if rank is None or not left or not said:
        return
    for index, score in rank(said, [reach.described for reach in left])[:3]:
        if score >= _MEANT:
            test = left[index].test
            reason = "its goal is close in meaning to what the change is said to be about"
            best[test.id] = Selection(test.id, test.name, reason, score)


_NONE = Selection("", "", "", 0.0)


def match(file: FileClues, reach: Reach) -> tuple[float, str]:
    """How surely a test reaches what a file's hunks touch, and why."""
    for route in file.routes:
        if any(same_route(route, one) for one in reach.requests):
            return 1.0, f"it sends requests to {route}, which the change touches"
        if any(same_route(route, one) for one in reach.routes):
            return 1.0, f"it opens {route}, which the change touches"
    for text in file.texts:
        if len(text) >= _SHORT_TEXT and any(_says(one, text) for one in reach.texts):
            return 0.9, f"it uses “{text[:60]}”, which the change touches"
    for name in file.names:
        if name in reach.names:
            return 0.85, f"it uses the element named “{name[:60]}”, which the change touches"
    shared = [word for word in file.words if _heard(word, reach.words)]
    telling = [word for word in shared if word in file.words[:12]]
    if telling:
        score = min(0.8, RELATED + 0.1 * len(telling))
        return score, f"it is about {_listed(telling[:3])}, as the change is"
    if shared:
        return 0.3, f"it mentions {_listed(shared[:3])}, as the change does"
    return 0.0, ""


def _says(text: str, wanted: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(wanted)}(?!\w)", text, re.IGNORECASE) is not None


def _heard(word: str, words: frozenset[str]) -> bool:
    stem = next(iter(stems_of([word])))
    if stem in words:
        return True
    # "paginator" and "pagination": most of both words is the same.
    return len(stem) >= 7 and any(len(other) >= 7 and stem[:6] == other[:6] for other in words)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def feature_of(file: FileClues) -> str:
    """Words to ask tests of a changed file for: its shortest route, else its telling words.

    A route that the change brings goes first. What a package is called tells nothing of its parts,
    and what people read says more than names in the code.
    """
    made = [route for route in file.made if route.strip("/*")]
    routes = sorted(made or (route for route in file.routes if route.strip("/*")), key=len)
    if routes:
        words = [part for part in routes[0].split("/") if part and part != "*"]
        return " ".join(words[-2:]).replace("-", " ").replace("_", " ")
    package = re.search(r"(?:site-packages|node_modules)/([\w-]+)/", file.path)
    whole = frozenset(words_of(package[1])) if package else frozenset()
    own = [word for word in file.words if word not in whole]
    placed = [word for word in own if word in words_of(file.path)]
    read = [word for word in words_of(" ".join(file.texts)) if word not in _ANY]
    return " ".join(list(dict.fromkeys([*placed, *read, *own]))[:2])


def paths_of(plan_: Plan, tests: Sequence[TestCase]) -> list[str]:
    """The addresses that related tests open and come to, as far as they are the same each time."""
    by_id = {test.id: test for test in tests}
    found: dict[str, None] = {}
    for chosen in plan_.selections:
        if chosen.score < RELATED or chosen.test_id not in by_id:
            continue
        for step in by_id[chosen.test_id].steps:
            came = step.effect.url if step.effect is not None else ""
            for path in (step.value if step.action is ActionKind.NAVIGATE else "", came):
                if path.startswith("/") and not re.search(r"\*|\{\{", path):
                    found[path] = None
    return list(found)


def addresses(clues: Clues, states: Sequence[State]) -> list[str]:
    """Where pages of the changed files would be by convention, as far as no known page is there.

    A folder or file is often called as the first part of its pages' addresses: an app of a web
    framework, a folder of a router that goes by files. What really is there has to be seen.
    """
    there = {_first(urlsplit(state.url).path) for state in states}
    found: dict[str, None] = {}
    for file in clues.files:
        parts = [*file.path.split("/")[:-1], file.path.rsplit("/", 1)[-1].partition(".")[0]]
        for name in (*map(_first, file.routes), *reversed(parts)):
            plain = name.strip("_").lower()
            usual = plain in _EVERYWHERE or plain in there
            if _SEGMENT.fullmatch(plain) and not usual and may_follow(plain, f"/{plain}"):
                found[f"/{plain}"] = None
    return list(found)


def nested(clues: Clues, states: Sequence[State]) -> list[str]:
    """Where pages of the changed files would be below the page of a record: a file is often called
    as the last part of their addresses (``polls/results.html``: ``/polls/3/results``)."""
    paths = [path for one in states if "*" in route_of(path := urlsplit(one.url).path)]
    last = {route_of(path).rpartition("/")[2] for path in paths}
    found: dict[str, None] = {}
    for file in clues.files:
        *folders, name = (part.lower() for part in file.path.split("/"))
        plain = re.split(r"[._]", name.lstrip("_"))[0]
        if not _SEGMENT.fullmatch(plain) or plain in _EVERYWHERE | last:
            continue
        for path in paths:
            # The record itself, not what is below it already.
            own = _first(path) in folders and route_of(path).endswith("*")
            if own and may_follow(plain, f"{path.rstrip('/')}/{plain}"):
                found[f"{path.rstrip('/')}/{plain}"] = None
                break
    return list(found)


def made(clues: Clues) -> list[str]:
    """Where new pages would be: at the routes that the change brings, alone and below the folder
    of their file, as nested routers have them."""
    found: dict[str, None] = {}
    for file in clues.files:
        folder = file.path.rpartition("/")[0].rpartition("/")[2].lower()
        for route in file.made:
            if "*" not in route and route.strip("/") and may_follow("", route):
                found[route] = None
                if _SEGMENT.fullmatch(folder) and folder not in _EVERYWHERE:
                    found[f"/{folder}{route}"] = None
    return list(found)


def _first(path: str) -> str:
    return path.strip("/").partition("/")[0].lower()


def pages(clues: Clues, known: AppMap | None, about: str, most: int) -> list[State]:
    """The pages of the app map that a change can reach, most likely ones first."""
    states = [state for state in known.states if state.kind != "dialog"] if known else []
    words = stems_of(words_of(about)) | stems_of(w for f in clues.files for w in f.words[:12])
    routes = [route for file in clues.files for route in file.routes]

    def rank(state: State) -> tuple[int, int]:
        opened = any(same_route(route, route_of(state.url)) for route in routes)
        said = stems_of(words_of(f"{state.url} {state.title} {state.heading}"))
        return -(3 * opened + len(words & said)), state.depth

    # Pages that clicks alone lead to cannot be opened side by side.
    return sorted((state for state in states if not state.trail), key=rank)[:most]
