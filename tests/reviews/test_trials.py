"""Forms are tried the same way on base and preview, each a small site of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import parse_qs

import pytest

from assay.browser.pool import PlaywrightPool
from assay.kernel.progress import Silent
from assay.projects.model import Target
from assay.reviews.clues import Clues, clues_of
from assay.reviews.differences import Difference
from assay.reviews.reading import read_change
from assay.reviews.trying import Trying
from assay.storage import WriteSession
from tests.browser.site import Answer, Asked, Site, html

pytestmark = pytest.mark.asyncio(loop_scope="session")

DIFF = """\
--- a/guests.py
+++ b/guests.py
@@ -1,2 +1,2 @@ def sign(name):
-    if not name.strip():
+    if not name:
         return refuse("Please enter a name.")
"""


THINGS = """<h1>To do</h1><label>Thing <input id=thing></label><ul id=things></ul><p id=left></p>
<script>
const boxes = () => [...document.querySelectorAll('li input')];
const count = () => { const all = boxes().length, open = boxes().filter(b => !b.checked).length;
  left.textContent = OPEN + ' left'; };
thing.onkeydown = (e) => { if (e.key !== 'Enter' || !thing.value.trim()) return;
  const item = document.createElement('li'); const label = document.createElement('label');
  const box = document.createElement('input'); box.type = 'checkbox'; box.onchange = count;
  label.append(box, thing.value); item.append(label); things.append(item);
  thing.value = ''; count(); };
</script>"""


class Doing(Silent):
    """A piece of work that remembers nothing: each attempt is the first."""

    async def journal(self, key: str, work: Callable[[], Awaitable[Any]]) -> Any:
        return await work()

    @asynccontextmanager
    async def browser(self) -> AsyncIterator[None]:
        yield

    def write(self) -> AbstractAsyncContextManager[WriteSession]:
        raise NotImplementedError

    async def guard(self, session: WriteSession) -> None:
        raise NotImplementedError


@dataclass
class Guests:
    """A guest book with an account form; the flags are what a change may have broken."""

    spaces: bool = False  # a name of spaces is taken
    unlike: bool = False  # two different passwords are taken
    closed: bool = False  # nothing is taken any more
    crash: bool = False  # a negative number of guests ends in an error
    silent: bool = False  # refusals say nothing
    astray: bool = False  # who signs is sent to another page
    miscount: bool = False  # what is ticked off still counts as open
    names: list[str] = field(default_factory=lambda: ["Ann", "Bob"])
    site: Site = field(default_factory=Site)

    def __post_init__(self) -> None:
        self.site.pages = {"/": self.book, "/join": self.join, "/list": self.things}

    def book(self, asked: Asked) -> Answer:
        said = ""
        if asked.method == "POST":
            given = {k: v[0] for k, v in parse_qs(asked.body.decode()).items()}
            name = given.get("name", "")
            if self.crash and int(given.get("guests") or 1) < 0:
                return Answer(b"broken", 500)
            if self.closed or not (name if self.spaces else name.strip()):
                said = "" if self.silent else '<p role="alert">Please enter a name.</p>'
            elif int(given.get("guests") or 1) < 0:
                said = '<p role="alert">The number is not valid.</p>'
            else:
                self.names.append(name)
                return Answer(b"", 303, headers={"Location": "/join" if self.astray else "/"})
        rows = "".join(f"<li>{escape(name)}</li>" for name in self.names)
        return Answer(
            html(
                f'<h1>Guests</h1>{said}<ul>{rows}</ul><a href="/join">Join</a>'
                '<form method="post" novalidate><h2>Sign the book</h2>'
                '<label>Name <input name="name"></label>'
                '<label>Guests <input name="guests" type="number"></label>'
                "<button>Sign</button></form>"
            )
        )

    def join(self, asked: Asked) -> Answer:
        said = ""
        if asked.method == "POST":
            given = {k: v[0] for k, v in parse_qs(asked.body.decode()).items()}
            first, second = given.get("first", ""), given.get("second", "")
            if first and given.get("nick") and (self.unlike or first == second):
                return Answer(html("<h1>Welcome</h1><p>You have joined.</p>"))
            said = '<p role="alert">The passwords must be the same.</p>'
        return Answer(
            html(
                f'<h1>Join</h1>{said}<form method="post">'
                '<label>Nickname <input name="nick"></label>'
                '<label>Password <input type="password" name="first"></label>'
                '<label>Repeat the password <input type="password" name="second"></label>'
                "<button>Join us</button></form>"
            )
        )

    def things(self, asked: Asked) -> Answer:
        """A list that the page keeps to itself."""
        return Answer(html(THINGS.replace("OPEN", "all" if self.miscount else "open")))

    @property
    def target(self) -> Target:
        hosts = frozenset({self.site.host})
        return Target("p", "a", "app_x", "Guests", self.site.url, "local", self.site.url, hosts)


@pytest.fixture
def base() -> Iterator[Guests]:
    guests = Guests()
    yield guests
    guests.site.close()


def clues(diff: str = DIFF) -> Clues:
    return clues_of(read_change(diff))


async def tried(
    pool: PlaywrightPool,
    base: Guests,
    preview: Guests,
    about: str = "A change",
    diff: str = DIFF,
    paths: tuple[str, ...] = ("/", "/join"),
) -> list[Difference]:
    try:
        trying = Trying(
            pool, base.target, preview.target, clues(diff), about, same_data=True, work=Doing()
        )
        return list((await trying.forms(paths)).differences)
    finally:
        preview.site.close()


async def test_what_behaves_alike_differs_in_nothing(pool: PlaywrightPool, base: Guests) -> None:
    assert await tried(pool, base, Guests(names=["Ann", "Bob", "Cid"])) == []


@pytest.mark.parametrize(
    ("broken", "title", "seen"),
    [
        ({"spaces": True}, "takes what it refused", "only spaces"),
        ({"unlike": True}, "takes what it refused", "two different passwords"),
        ({"closed": True}, "refuses what it took", "plausible entries"),
        ({"crash": True}, "fails with a number below zero", "the server answers with an error"),
        ({"astray": True}, "leads elsewhere", "it leads to /join, and to / before"),
        ({"silent": True}, "no longer says why it refuses", "Please enter a name."),
    ],
)
async def test_what_only_the_preview_does_is_a_regression(
    pool: PlaywrightPool, base: Guests, broken: dict[str, bool], title: str, seen: str
) -> None:
    found = await tried(pool, base, Guests(**broken))  # type: ignore[arg-type]
    told = [one for one in found if one.regression]
    assert any(title in one.title and seen in one.seen for one in told), found
    assert all(one.steps[0] == f"Open {one.path}" for one in told)
    assert all(one.steps[-1].startswith("Click") and one.expected for one in told)


async def test_what_is_refused_now_is_an_improvement(pool: PlaywrightPool, base: Guests) -> None:
    base.spaces = base.unlike = True
    found = await tried(pool, base, Guests())
    assert found
    assert not any(one.regression for one in found), found


@pytest.mark.parametrize(
    ("about", "diff"),
    [
        ("Faster pages. Allow names of spaces.", DIFF),
        ("Make the name optional", DIFF),
        ("A change", DIFF.replace("+1,2", "+1").replace("         ret", "-        ret")),
    ],
    ids=["said of checks", "said of the form", "message removed"],
)
async def test_what_the_change_means_to_take_is_only_told(
    pool: PlaywrightPool, base: Guests, about: str, diff: str
) -> None:
    found = await tried(pool, base, Guests(spaces=True), about, diff)
    assert any("takes what it refused" in one.title for one in found), found
    assert not any(one.regression for one in found), found


async def test_what_a_change_says_of_something_else_excuses_nothing(
    pool: PlaywrightPool, base: Guests
) -> None:
    about = "Allow dark mode; the banner accepts cookies."
    found = await tried(pool, base, Guests(spaces=True), about)
    assert any(one.regression for one in found), found


async def test_what_came_with_an_entry_is_tried_as_well(pool: PlaywrightPool, base: Guests) -> None:
    assert await tried(pool, base, Guests(), paths=("/list",)) == []
    (told,) = await tried(pool, base, Guests(miscount=True), paths=("/list",))
    assert told.regression
    assert "/list shows another number" in told.title
    assert told.seen == "“1 left” stands where “0 left” stood"
    assert [step.partition(" ")[0] for step in told.steps] == ["Open", "Enter", "Press", "Click"]
    assert told.expected == "“0 left” is shown"


async def test_a_side_that_goes_away_is_told(pool: PlaywrightPool, base: Guests) -> None:
    preview = Guests()
    preview.site.close()
    trying = Trying(
        pool, base.target, preview.target, clues(), "A change", same_data=True, work=Doing()
    )
    found = await trying.forms(["/"])
    assert found.differences == ()
    (note,) = found.notes
    assert note.startswith(f"No forms were tried, {preview.target.url} is gone: ")
