"""Expected results in the few words that testers use: each checks what the page really shows."""

from __future__ import annotations

import pytest

from assay.browser.model import Exchange, Observation
from assay.cases.checks import evaluate
from assay.cases.facts import Facts
from assay.cases.model import Assertion, AssertionKind
from assay.cases.sections import split_sections
from assay.cases.trail import Compiled
from tests.cases.paper import SITE, Paper, Story

K = AssertionKind


def found(compiled: Compiled) -> list[tuple[str, str]]:
    assert not compiled.unchecked, compiled.unchecked
    return [(item.assertion.kind.value, item.assertion.text) for item in compiled.proposals]


def holds(assertion: Assertion, page: Observation) -> bool:
    return evaluate(assertion, page, Facts()).ok


def shop(query: str, *lines: str, frame: str = "Guest") -> Paper:
    """Pages that all have the same path, told apart by their query and what they say."""
    page = Paper(f"/index.php?{query}", "Corner shop")
    page.line(frame, dom_id="top_accountmenu")
    page.heading("Corner shop")
    for line in lines:
        page.line(line)
    return page


def came_back(frame: str = "Signed on as: Bea (staff)") -> Story:
    start = shop("page=hats", "All our hats", "Woollen hats in stock")
    link = start.node("link", "Sign on", tag="a")
    form = shop("page=hats&do=enter", "Who are you?")
    name = form.field("Name")
    press = form.node("button", "Sign on", tag="button")
    after = shop("page=hats", "All our hats", "Woollen hats in stock", frame=frame)
    story = Story().open(start.seen()).ready().click(link, form.seen())
    return story.type(name, "bea").click(press, after.seen())


@pytest.mark.parametrize(
    "clause", ["Back on the page", "back on the same page", "User is back on the hats page"]
)
def test_back_on_the_page_tells_pages_of_one_path_apart(clause: str) -> None:
    story = came_back()
    compiled = story.expect(clause)
    assert ("url", "/index.php?page=hats") in found(compiled)
    # The form between has the same path and a query that includes this one.
    between = story.moments[-1].before
    assert not all(holds(item.assertion, between) for item in compiled.proposals)


def test_back_on_a_page_that_says_something_else_now_is_out_of_the_form() -> None:
    page = shop("page=hats", "Woollen hats in stock")
    link = page.node("link", "Rewrite", tag="a")
    form = shop("page=hats&do=rewrite")
    box = form.field("Words", tag="textarea")
    press = form.node("button", "Keep", tag="button")
    after = shop("page=hats", "Straw hats in stock")
    story = Story().open(page.seen()).ready().click(link, form.seen())
    story.type(box, "Straw hats in stock").click(press, after.seen())
    compiled = story.expect("back on hats")
    assert [kind for kind, _ in found(compiled)] == ["url", "hidden"]


def test_back_on_a_page_that_was_never_seen_is_unchecked() -> None:
    assert came_back().expect("Back on the shoes page").unchecked


def test_a_place_called_in_one_word_says_its_text() -> None:
    compiled = came_back().expect("account menu says Signed on as: Bea (staff)")
    assert found(compiled) == [("text", "Signed on as: Bea (staff)")]
    assert compiled.proposals[0].assertion.scope is not None
    assert came_back().expect("account menu says Signed on as: Cyd (staff)").unchecked


def test_the_page_says_something_again() -> None:
    plain = Paper("/note", "Note")
    press = plain.node("button", "Undo", tag="button")
    back = Paper("/note", "Note")
    back.line("Two cups of rice")
    story = Story().open(plain.seen()).click(press, back.seen())
    assert found(story.expect("the page reads Two cups of rice again"))[0][1] == "Two cups of rice"
    assert story.expect("the page reads Three cups of rice again").unchecked


def refused(path: str) -> Story:
    page = Paper("/join", "Join us")
    mail = page.field("Mail", "x", dom_name="mail")
    press = page.node("button", "Join", tag="button", form="f1")
    after = Paper(path, "Join us")
    after.field("Mail", "x", dom_name="mail")
    return Story().open(page.seen()).type(mail, "x").click(press, after.seen())


def test_still_on_the_form_needs_its_field() -> None:
    assert [kind for kind, _ in found(refused("/join").expect("still on the form"))] == [
        "url",
        "visible",
    ]


def looked_up(names: list[str], follow: bool = False) -> Story:
    start = Paper("/find", "Find")
    press = start.node("button", "Look up", tag="button")
    results = Paper("/find?word=rye", "Find")
    results.list([f"{name} by Jo" for name in names])
    link = results.node("link", "Rye loaf", tag="a", href=SITE + "/breads/7")
    story = Story().open(start.seen()).click(press, results.seen())
    if not follow:
        return story
    page = Paper("/breads/7", "Rye loaf - Breads")
    page.line("Mix, wait and bake it slowly.", classes=("recipe-steps",))
    return story.click(link, page.seen())


@pytest.mark.parametrize(
    "clause",
    [
        "Exactly two breads found (Rye loaf, Rye crackers)",
        "2 breads listed: Rye loaf and Rye crackers",
        "only Rye loaf and Rye crackers",
        "Exactly 'Rye loaf' and 'Rye crackers' are shown",
    ],
)
@pytest.mark.parametrize("follow", [False, True])
def test_all_that_was_found_is_named_and_counted(clause: str, follow: bool) -> None:
    compiled = looked_up(["Rye loaf", "Rye crackers"], follow).expect(clause)
    assert [kind for kind, _ in found(compiled)] == ["count", "text", "text"]
    assert {item.moment for item in compiled.proposals} == {1 if follow else None}
    assert looked_up(["Rye loaf", "Rye crackers", "Rye buns"], follow).expect(clause).unchecked
    assert looked_up(["Rye loaf", "Oat crackers"], follow).expect(clause).unchecked


def test_names_below_a_heading_of_the_page() -> None:
    story = looked_up(["Rye loaf", "Rye crackers"])
    seen = Paper("/find?word=rye", "Find")
    seen.heading("By name:")
    seen.list(["Rye loaf", "Rye crackers"])
    headed = Story().open(story.moments[0].after).click("e1", seen.seen())
    clause = "By name: exactly Rye loaf and Rye crackers"
    assert ("text", "By name") in found(headed.expect(clause))
    assert story.expect(clause).unchecked


def test_every_item_of_what_was_found_says_it() -> None:
    story = looked_up(["Rye loaf 1 match", "Rye crackers 1 match"])
    compiled = story.expect("exactly Rye loaf and Rye crackers, 1 match each")
    assert found(compiled)[-1] == ("every_row", "1 match")
    assert story.expect("2 matches each").unchecked


def test_the_page_of_what_was_clicked_opens_with_its_part() -> None:
    story = looked_up(["Rye loaf", "Rye crackers"], follow=True)
    assert found(story.expect("the click opens that bread")) == [("title", "Rye loaf")]
    both = found(story.expect("the link leads to the clicked bread with its steps"))
    assert both[-1] == ("new_text", "Mix, wait and bake it slowly.")
    assert story.expect("the click opens that bread with its reviews").unchecked
    elsewhere = looked_up(["Rye loaf", "Rye crackers"])
    assert elsewhere.expect("the click opens that bread").unchecked


def commented(texts: list[str], *, path: str = "/photo/3") -> Story:
    page = Paper("/photo/3", "Harbour")
    page.list(["Ann: lovely", "Ben: so blue"], classes=("comments",))
    box = page.field("Your words", tag="textarea")
    press = page.node("button", "Send", tag="button")
    after = Paper(path, "Harbour")
    after.list(texts, classes=("comments",))
    story = Story().open(page.seen()).type(box, "What a light")
    return story.click(
        press, after.seen(), exchanges=(Exchange("POST", SITE + path, "document", 302),)
    )


def test_what_was_entered_stands_last_or_first() -> None:
    story = commented(["Ann: lovely", "Ben: so blue", "Me: What a light"])
    (last,) = story.expect("The comment is the last one of the photo").proposals
    assert (last.assertion.kind, last.assertion.text) == (K.FIRST_ROW, "What a light")
    assert holds(last.assertion, story.now)
    newest = commented(["Me: What a light", "Ann: lovely", "Ben: so blue"])
    assert not holds(last.assertion, newest.now)
    assert story.expect("The comment is the first one of the list").unchecked
    (first,) = newest.expect("my comment is the first entry in the list").proposals
    assert first.assertion.order == ""
    assert not holds(first.assertion, story.now)


@pytest.mark.parametrize(
    "clause",
    [
        "The comment is the last one of the list, with the highest score (*)",
        "The comment is the last one with a star",
    ],
)
def test_what_is_said_besides_the_place_is_not_taken_for_checked(clause: str) -> None:
    assert commented(["Ann: lovely", "Me: What a light"]).expect(clause).unchecked


def test_who_signed_in_is_not_what_was_entered() -> None:
    page = Paper("/in", "Sign in")
    name = page.field("Name")
    press = page.node("button", "Go", tag="button")
    after = Paper("/", "Members")
    after.list(["ann", "ben"])
    story = Story().open(page.seen()).type(name, "ann", "{{config:ann.username}}")
    story.click(press, after.seen())
    assert story.expect("The entry is the first one of the list").unchecked


def test_first_on_a_page_that_was_passed_is_looked_up_there() -> None:
    hall = Paper("/halls/2", "Town hall - Halls")
    hall.list(["Choir on Monday", "Chess on Friday"])
    link = hall.node("link", "Add", tag="a")
    form = Paper("/halls/2/add", "Add an evening")
    box = form.field("Called")
    press = form.node("button", "Save", tag="button")
    done = Paper("/evenings/9", "Dance on Sunday")
    done.line("Saved.")
    story = Story().open(hall.seen()).click(link, form.seen())
    story.type(box, "Dance on Sunday").click(press, done.seen())
    (only,) = story.expect("first in the list of the town hall").proposals
    assert only.follow_up is not None
    assert only.follow_up.url == "/halls/2"
    assert story.expect("first in the list of the market").unchecked


def test_what_was_entered_in_named_fields_is_shown() -> None:
    page = Paper("/me/edit", "Edit")
    nick = page.field("Nickname")
    about = page.field("About you", tag="textarea")
    press = page.node("button", "Store", tag="button")
    after = Paper("/me", "My card")
    after.line("Bee")
    after.line("Keeps bees.")
    story = Story().open(page.seen()).type(nick, "Bee").type(about, "Keeps bees.")
    story.click(press, after.seen())
    assert found(story.expect("the card shows the nickname")) == [("new_text", "Bee")]
    assert len(found(story.expect("My card with nickname and about"))) == 2
    assert story.expect("the card shows the address").unchecked
    assert story.expect("the invoice shows the nickname").unchecked


def remarked(href: str) -> Story:
    page = Paper("/doc?name=plan&do=change", "Plan")
    remark = page.field("Short remark")
    press = page.node("button", "Keep", tag="button")
    after = Paper("/doc?name=plan", "Plan")
    after.node("link", "History [h]", tag="a", href=href)
    return Story().open(page.seen()).type(remark, "Typos").click(press, after.seen())


def test_what_was_entered_stands_first_behind_a_link() -> None:
    story = remarked(SITE + "/doc?name=plan&do=history")
    (only,) = story.expect("History shows the remark at the top").proposals
    assert only.follow_up is not None
    assert only.follow_up.url == "/doc?name=plan&do=history"
    assert (only.assertion.kind, only.assertion.text) == (K.FIRST_ROW, "Typos")
    assert story.expect("History shows the author at the top").unchecked
    assert story.expect("Attachments show the remark at the top").unchecked
    elsewhere = remarked("http://other.test/doc?do=history")
    assert elsewhere.expect("History shows the remark at the top").unchecked


def scores(rows: list[list[str]]) -> Paper:
    page = Paper("/scores", "Scores")
    page.node("link", "Points", tag="a")
    page.table(["Team", "Points"], rows)
    return page


def test_each_click_has_its_own_order() -> None:
    mixed = scores([["Owls", "3"], ["Bats", "9"], ["Rats", "1"]])
    up = scores([["Rats", "1"], ["Owls", "3"], ["Bats", "9"]])
    down = scores([["Bats", "9"], ["Owls", "3"], ["Rats", "1"]])
    story = Story().open(mixed.seen()).click("e1", up.seen()).click("e1", down.seen())
    compiled = story.expect("First click: lowest points first; second: highest points first")
    assert not compiled.unchecked
    assert [(item.assertion.order, item.moment) for item in compiled.proposals] == [
        ("ascending", 1),
        ("descending", 2),
    ]
    assert story.expect("First click: highest points first").unchecked
    assert story.expect("Third click: lowest points first").unchecked
    once = Story().open(mixed.seen()).click("e1", up.seen())
    assert once.expect("First click: lowest points first").unchecked


def test_results_within_a_sentence_begin_no_section() -> None:
    parts = split_sections("Steps: Look up rye Expected: Quick results: exactly two loaves")
    assert parts.expected == ("Quick results: exactly two loaves",)


def office(*lines: str, where: str = "/#/start") -> Paper:
    page = Paper(where, "Back office")
    page.heading("Overview")
    for line in lines:
        page.line(line)
    return page


def signed_on() -> Story:
    form = Paper("/#/sign-on", "Back office")
    press = form.node("button", "Enter", tag="button")
    page = office("Good day, Cy Moss", "12", "Open tickets", "Late", "3", "7", "Closed", "8")
    page.line("Team one", dom_id="teams")
    page.lines[-1:] = ["4", "Teams", "5", "Rooms"]
    page.node("generic", "", text="4 Teams")
    return Story().open(form.seen()).click(press, page.seen())


def test_a_number_beside_its_words_is_a_tally() -> None:
    compiled = signed_on().expect("12 tickets, 3 late")
    assert found(compiled) == [("text", "12 Open tickets"), ("text", "Late 3")]
    assert signed_on().expect("13 tickets").unchecked
    assert signed_on().expect("3 tickets").unchecked
    assert signed_on().expect("7 closed").unchecked  # which of the two it is cannot be told
    assert found(signed_on().expect("4 teams")) == [("text", "4 Teams")]
    assert signed_on().expect("5 teams").unchecked


def test_a_page_called_by_its_heading_greets() -> None:
    assert found(signed_on().expect("Overview greets Cy Moss")) == [("new_text", "Cy Moss")]
    assert signed_on().expect("Overview greets Di Moss").unchecked
    assert signed_on().expect("Summary greets Cy Moss").unchecked


def test_what_is_shown_instead_of_something_else() -> None:
    assert found(signed_on().expect("Good day, Cy Moss instead of the form"))
    assert signed_on().expect("Good night instead of the form").unchecked


def approvals(*names: str) -> Paper:
    page = Paper("/#/requests", "Requests")
    page.node("button", "Approve", tag="button")
    page.table(["Who"], [[name] for name in names])
    return page


def test_what_held_before_is_checked_at_its_moment() -> None:
    empty = Paper("/#/requests", "Requests")
    link = empty.node("link", "Open", tag="a")
    story = Story().open(empty.seen()).click(link, approvals("Al", "Bo", "Cy").seen())
    story.click("e1", approvals("Bo", "Cy").seen())
    compiled = story.expect("3 rows before; 2 rows left")
    assert not compiled.unchecked
    assert [(item.assertion.number, item.moment) for item in compiled.proposals] == [
        (3, 1),
        (2, None),
    ]
    assert story.expect("4 rows before").unchecked


def sent(where: str) -> Story:
    form = Paper("/#/teams/new", "Teams")
    name = form.field("Name")
    press = form.node("button", "Keep", tag="button")
    after = Paper(where, "Teams")
    if where == "/#/teams/new":
        after.field("Name", "Owls")
    after.notice("Names are at least five letters long", role="alert")
    return Story().open(form.seen()).ready().type(name, "Owls").click(press, after.seen())


@pytest.mark.parametrize("clause", ["not saved", "It was not saved", "Still on the form"])
def test_what_was_not_saved_stays_in_its_form(clause: str) -> None:
    refused = sent("/#/teams/new").expect(clause)
    assert ("url", "/#/teams/new") in found(refused)
    assert sent("/#/teams").expect(clause).unchecked


def test_a_text_on_a_page_is_checked_beside_the_page() -> None:
    form = Paper("/book/7/edit", "Book")
    press = form.node("button", "Keep", tag="button")
    page = Paper("/book/7", "Book")
    page.heading("Book")
    page.notice("Book was kept", role="status")
    story = Story().open(form.seen()).ready().click(press, page.seen())
    clause = "'Book was kept' on the book's page"
    assert ("new_text", "Book was kept") in found(story.expect(clause))
    assert story.expect("'Book was lost' on the book's page").unchecked


def test_names_one_after_the_other() -> None:
    compiled = looked_up(["Rye loaf", "Rye crackers"]).expect(
        "Two breads: Rye loaf, then Rye crackers"
    )
    assert [text for kind, text in found(compiled) if kind == "text"] == [
        "Rye loaf",
        "Rye crackers",
    ]
