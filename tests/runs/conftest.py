"""A small notes site, a real browser, and tests recorded on the site as it is when they start."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import pytest

from assay.browser.model import ActionKind
from assay.browser.pool import PlaywrightPool
from assay.cases.expectations import compile_expected
from assay.cases.model import Draft, Step
from assay.cases.recorder import Recorder
from assay.cases.sessions import session_options
from assay.projects.model import ConfigKind, Credential, Target
from assay.runs.proof import Prover
from assay.runs.replay import Replayer
from tests.browser.site import Answer, Asked, Site

FORM = """<title>Sign in</title><main><h1>Sign in</h1><form method=post action=/login>
<label>Name <input name=name></label><label>Password <input type=password name=password></label>
<button>Sign in</button></form>{notice}</main>"""
NOTES = """<title>Notes</title><main><h1>Notes</h1><div id=user-tools>Hello, ann</div>
<label>Note <input id=note></label><button id=add>Add</button><ul id=notes></ul>
<p id=count>0 notes</p></main>
<script>
add.onclick = () => { const text = note.value.trim(); if (!text) return;
  const item = document.createElement('li'); item.textContent = text; notes.append(item);
  note.value = ''; document.getElementById('count').textContent = notes.children.length + ' notes';
};
</script>"""

# The count shown is that of whichever answer comes last: right as long as they come in order.
RACE = """<script>
const show = (path, text) => fetch(path).then(() => {
  document.getElementById('count').textContent = text; });
add.addEventListener('click', () => { show('/stale', '0 notes');
  setTimeout(() => show('/fresh', '1 notes'), 150); });
</script>"""

# The button says what it will add.
ECHOING = "<script>note.oninput = () => { add.textContent = 'Add ' + note.value; };</script>"


@dataclass
class Notes:
    """The notes site: ``fault`` breaks it in one way from then on."""

    site: Site
    fault: str = ""
    added: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.site.pages["/"] = FORM.format(notice="")
        self.site.pages["/login"] = self.login
        self.site.pages["/notes"] = self.notes
        self.site.pages["/other"] = "<title>Other</title><h1>Somewhere else</h1>"
        self.site.pages.update({"/stale": Answer(b"0"), "/fresh": Answer(b"1")})
        self.site.pages["/gone.js"] = Answer(b"", 404)

    @property
    def target(self) -> Target:
        """The site as a place to test, with an account."""
        login = Credential(
            "c", "config_1", "ann", ConfigKind.USERNAME_PASSWORD, "ann", "pass-word-1"
        )
        url, hosts = self.site.url + "/", frozenset({self.site.host})
        return Target("p", "a", "app_1", "Notes", "e", "Default", url, hosts, credentials=(login,))

    def login(self, asked: Asked) -> Answer:
        if self.fault == "500":
            return Answer(b"<h1>Server error</h1>", 500)
        given = parse_qs(asked.body.decode())
        if given.get("password") != ["pass-word-1"]:
            notice = "<p role=alert class=error>Wrong name or password.</p>"
            notice = "" if self.fault == "no validation" else notice
            return Answer(FORM.format(notice=notice).encode())
        where = "/other" if self.fault == "redirect" else "/notes"
        return Answer(b"", 302, headers={"Location": where})

    def notes(self, asked: Asked) -> Answer:
        page = NOTES
        if self.fault == "dead":
            page = page.replace("add.onclick", "add.never")
        if self.fault == "renamed":
            page = page.replace("<button id=add>Add</button>", "<button id=add>Add note</button>")
        if self.fault == "gone":
            page = page.replace("<button id=add>Add</button>", "<span id=add></span>")
        if self.fault == "console":
            page += "<script>console.error('boom: undefined is not a function')</script>"
        if self.fault == "resource":
            page += "<script src=/gone.js></script>"
        if self.fault == "echoing":
            page += ECHOING
        if self.fault == "race":
            page += RACE
        if self.fault == "miscount":
            page = page.replace("notes.children.length + ' notes'", "'2 notes'")
        if self.fault == "captcha":
            page = "<main><h1>One moment</h1><p>I'm not a robot</p></main>"
        return Answer(page.encode())


@pytest.fixture
def notes() -> Iterator[Notes]:
    site = Site()
    yield Notes(site)
    site.close()


@pytest.fixture
def target(notes: Notes) -> Target:
    return notes.target


@pytest.fixture
def replayer(pool: PlaywrightPool) -> Replayer:
    return Replayer(pool)


@pytest.fixture
def prover(replayer: Replayer) -> Prover:
    return Prover(replayer)


class Writer:
    """Records tests on the notes site with a real browser."""

    def __init__(self, pool: PlaywrightPool, target: Target) -> None:
        self._pool = pool
        self._target = target

    async def login(self, *expected: str, password: str = "{{config:ann.password}}") -> Draft:
        async with self._pool.session(session_options(self._target)) as session:
            recorder = Recorder(session, self._target)
            await self._sign_in(recorder, password)
            return self._draft(recorder, "login", expected)

    async def add_note(self, *expected: str, text: str = "milk {{unique}}") -> Draft:
        async with self._pool.session(session_options(self._target)) as session:
            recorder = Recorder(session, self._target)
            await self._sign_in(recorder, "{{config:ann.password}}")
            await recorder.act(ActionKind.TYPE, find(recorder, "textbox", "Note"), value=text)
            await recorder.act(ActionKind.CLICK, find(recorder, "button", "Add"))
            return self._draft(recorder, "add note", expected)

    async def _sign_in(self, recorder: Recorder, password: str) -> None:
        await recorder.open("/")
        await recorder.act(
            ActionKind.TYPE, find(recorder, "textbox", "Name"), value="{{config:ann.username}}"
        )
        await recorder.act(
            ActionKind.TYPE, find(recorder, "textbox", "Password"), value=password, secret=True
        )
        await recorder.act(ActionKind.CLICK, find(recorder, "button", "Sign in"))

    def _draft(self, recorder: Recorder, name: str, expected: Sequence[str]) -> Draft:
        compiled = compile_expected(expected, recorder.trail())
        assert not compiled.unchecked, compiled.unchecked
        checks = [Step(0, item.text, assertion=item.assertion) for item in compiled.proposals]
        steps = [
            replace(step, number=number)
            for number, step in enumerate([*recorder.steps, *checks], 1)
        ]
        return replace(recorder.draft(name, name, name, "; ".join(expected)), steps=tuple(steps))


def find(recorder: Recorder, role: str, name: str) -> str:
    """The ref of the first element of this role whose name or label begins so."""
    for node in recorder.observation.nodes:
        if node.role == role and (node.name or node.label).startswith(name):
            return node.ref
    seen = [(node.role, node.name) for node in recorder.observation.nodes]
    raise AssertionError(f"no {role} {name!r} in {seen}")


@pytest.fixture
def writer(pool: PlaywrightPool, target: Target) -> Writer:
    return Writer(pool, target)
