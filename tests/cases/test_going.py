"""Steps that say where, done on a small site: what is named is opened, or nothing is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assay.cases.author import Author
from assay.projects.model import ConfigKind, Credential, Target
from tests.browser.site import Site
from tests.cases.writing import attempted, written

pytestmark = pytest.mark.asyncio(loop_scope="session")

BAR = """<nav><a href=/>Start</a> <a href=/teams>Team</a> <a href=/u/kim>kim</a></nav>"""
LOGIN = """<form method=get action=/><label>User name <input name=user></label>
<label>Password <input name=password type=password></label><button>Log in</button></form>"""
# The question that an archiving asks is a dialog of the page, beside a button that deletes.
ARCHIVE = """<button onclick="document.querySelector('dialog').showModal()">Archive</button>
<button onclick="document.title='Deleted'">Delete</button>
<dialog aria-label="Really?"><p>Archive this team?</p><button onclick="document.title='Archived';
document.querySelector('dialog').close()">Archive</button></dialog>"""
VERSIONS = "".join(
    f"<li>{date} <a href=/v/{at}?compare>≠</a> <a href=/v/{at}>plan</a></li>"
    for at, date in enumerate(("2024-06-03", "2024-06-02", "2024-06-01"), 1)
)


# One page that shows what stands behind the hash of its address.
DESK = """<title>Desk</title><nav role=menu><a role=menuitem href=#/news>News</a>
<a role=menuitem href=#/rooms>Rooms</a> <a role=menuitem href=#/staff>Staff</a>
<a role=menuitem href=#/tickets>Tickets</a></nav><main></main><script>
const state = '<label id=l>State</label><div role=combobox tabindex=0 aria-labelledby=l ' +
  'aria-expanded=false>Open</div>';
function draw() {
  const [, kind = 'news', id, edit] = location.hash.split('/');
  const rows = [1, 2, 3, 4].map((n) => `<li>${'ABCD'[n - 1]} <a href=#/tickets/${n}>Show</a></li>`);
  document.title = edit ? `Editing ${id}` : id ? `Ticket ${id}` : kind;
  document.querySelector('main').innerHTML = edit ? '<label>What <input></label>'
    : id ? `<a href=#/tickets/${id}/edit>Edit</a>`
    : kind === 'tickets' ? `<label>Due <input type=date name=until></label>${state}
      <ul>${rows.join('')}</ul>` : kind;
  const box = document.querySelector('[role=combobox]');
  if (box) box.onclick = () => {
    const list = document.createElement('ul');
    list.setAttribute('role', 'listbox');
    list.innerHTML = '<li role=option>Open</li><li role=option>Closed</li>';
    list.onclick = (e) => {
      document.title = box.textContent = e.target.textContent;
      list.remove();
    };
    document.body.append(list);
  };
}
onhashchange = draw; draw();
</script>"""


def _page(title: str, body: str) -> str:
    return f"<title>{title}</title>{BAR}<main><h1>{title}</h1>{body}</main>"


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    made.pages |= {
        "/": _page("Welcome", f"<a href=/notes>History</a>{LOGIN}"),
        "/teams": _page("Teams", "<a href=/teams/1>Painters</a> <a href=/teams/2>Bakers</a>"),
        "/teams/1": _page("Painters", "<a href=/teams/1/notes>History</a>"),
        "/teams/2": _page("Bakers", f"<a href='/w?id=bakers:plan'>Our plan</a> {ARCHIVE}"),
        "/w": _page("Plan", f"<ul>{VERSIONS}</ul>"),
        "/notes": _page("All history", "Everything"),
        "/teams/1/notes": _page("History of Painters", "One"),
        "/u/kim": _page("kim", "Baker"),
        "/desk": DESK,
    } | {f"/v/{at}": _page(f"Version {at}", "Flour") for at in (1, 2, 3)}
    yield made
    made.close()


def _target(site: Site) -> Target:
    kim = Credential("c", "kim", "kim", ConfigKind.USERNAME_PASSWORD, "kim", "kim-Secret1")
    return Target(
        "p", "a", "x", "Teams", "e", "Default", site.url, frozenset({site.host}), credentials=(kim,)
    )


@pytest.mark.parametrize(
    ("steps", "last"),
    [
        ("team Bakers > Our plan", "Click “Our plan”"),
        ("Team Painters, open History", "Click “History”"),
        ("team 'Painters', open 'History'", "Click “History”"),
        ("Open bakers:plan, open the oldest", "Click “plan”"),
        ("Open my profile", "Click “kim”"),
        ("Team Painters; History of the start page", "Click “History”"),
        ("History of team Painters", "Click “History”"),
        ("Open team Bakers, Archive, confirm", "Click “Archive”"),
    ],
)
async def test_steps_that_say_where(author: Author, site: Site, steps: str, last: str) -> None:
    login = "Log in as kim, " if "my" in steps else ""
    draft = await attempted(author, _target(site), login + steps)
    assert not draft.problem, draft.problem
    actions = [step.text for step in draft.steps if step.action is not None]
    assert actions[-1] == last


@pytest.mark.parametrize(
    ("steps", "shown"),
    [
        ("team Bakers > Our plan", "Plan"),
        ("Team Painters, open History", "History of Painters"),
        ("Open bakers:plan, open the oldest", "Version 3"),
        ("Team Painters; History of the start page", "All history"),
        ("History of team Painters", "History of Painters"),
        ("Open team Bakers, Archive, confirm", "Archived"),
        ("Open /desk, open ticket 2", "Ticket 2"),
        ("Open /desk, edit ticket 4", "Editing 4"),
        ("Open /desk, open ticket 3 for editing", "Editing 3"),
        ("Open /desk#/rooms, open #/tickets/1", "Ticket 1"),
        ("Open /desk#/tickets, leave the date empty, choose state Closed", "Closed"),
    ],
)
async def test_they_end_where_they_say(author: Author, site: Site, steps: str, shown: str) -> None:
    await written(author, _target(site), steps, f'the title is "{shown}"')


@pytest.mark.parametrize(
    "steps",
    ["team Bankers > Our plan", "Open bakers:plans", "Team Plumbers", "team Plumbers: History"],
)
async def test_another_of_the_kind_is_never_opened(author: Author, site: Site, steps: str) -> None:
    draft = await attempted(author, _target(site), steps)
    assert "could not find" in draft.problem
    assert [step.text for step in draft.steps] == ["Open /"]
