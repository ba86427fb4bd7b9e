"""Expected results compile to assertions that check them, or are listed as unchecked."""

from __future__ import annotations

import pytest

from assay.browser.model import ActionKind, Dialog, Download, Exchange, Observation
from assay.cases.expectations import compile_expected, derive
from assay.cases.model import AssertionKind
from assay.cases.trail import Compiled
from tests.cases.paper import Paper, Story

K = AssertionKind


def kinds(compiled: Compiled) -> list[str]:
    assert not compiled.unchecked, compiled.unchecked
    return [item.assertion.kind.value for item in compiled.proposals]


def texts(compiled: Compiled) -> list[str]:
    assert not compiled.unchecked, compiled.unchecked
    return [item.assertion.text for item in compiled.proposals]


def login_page(*notices: str) -> Observation:
    page = Paper("/login/", "Log in")
    page.heading("Log in")
    for notice in notices:
        page.notice(notice, "error")
    page.field("User name")
    page.node("textbox", "Password", input_type="password", editable=True, form="f1", value="")
    page.node("button", "Log in", tag="button")
    return page.seen()


def home_page() -> Observation:
    page = Paper("/admin/", "Site administration")
    page.heading("Site administration")
    page.line("Welcome, ann. Log out", dom_id="user-tools")
    page.node("link", "Log out", tag="a")
    return page.seen()


def signed_in(after: Observation) -> Story:
    story = Story().open(login_page())
    story.type(story.now.nodes[-3].ref, "ann")
    return story.click(story.now.nodes[-1].ref, after)


def test_a_login_is_checked_by_page_and_greeting() -> None:
    compiled = signed_in(home_page()).expect("Admin index, user tools greet ann")
    assert kinds(compiled)[0] == "url"
    greeting = compiled.proposals[-1].assertion
    assert (greeting.kind, greeting.text) == (K.TEXT, "ann")
    assert greeting.scope is not None


def test_a_refused_login_is_checked_by_its_new_message_and_its_page() -> None:
    after = login_page("Please enter the correct username and password.")
    compiled = signed_in(after).expect(
        "Error note about correct username and password; still on the login page"
    )
    assert kinds(compiled) == ["new_text", "url"]


@pytest.mark.parametrize(
    "clause",
    [
        "Success message",
        "Error note about an expired account",
        "Saved",
        "Back on the poll",
        "Orders page",
        "The welcome screen greets Bob",
        "'Welcome, Bob'",
        "No Log in button",
        "Three rows",
        "URL is /orders/",
        "Redirected to /orders/",
        "Total 12.00",
        "It purrs",
    ],
)
def test_what_did_not_happen_is_unchecked(clause: str) -> None:
    after = login_page("Please enter the correct username and password.")
    assert signed_in(after).expect(clause).unchecked == (clause,)


def test_a_message_that_was_there_before_is_no_result() -> None:
    before = login_page("Something went wrong: error 17")
    story = Story().open(before)
    story.click(story.now.nodes[-1].ref, before)
    story.setup = 1
    assert story.expect("An error message").unchecked == ("An error message",)


def test_a_link_or_heading_is_no_message() -> None:
    after = Paper("/users/", "Users")
    after.node("link", "Added users", tag="a")
    after.lines.append("Added users")
    story = Story().open(home_page()).click("e3", after.seen())
    assert story.expect("Success message").unchecked


def test_an_unrelated_denial_is_no_confirmation() -> None:
    after = Paper("/", "x")
    after.notice("Not saved: the name is taken", "error")
    story = Story().open(home_page()).click("e3", after.seen())
    assert story.expect("Saved").unchecked
    assert not story.expect("An error message, not a blank page").unchecked


def listing(path: str, rows: list[list[str]], *more: str) -> Observation:
    page = Paper(path, "Products")
    page.heading("Products")
    for line in more:
        page.line(line)
    page.table(["id", "name", "price", "city"], rows, dom_id="products")
    page.node("link", "price", tag="a")
    return page.seen()


UNSORTED = [["2", "b", "9.50", "Rome"], ["1", "a", "12.00", "Oslo"], ["3", "c", "1.00", "Oslo"]]
SORTED = [["3", "c", "1.00", "Oslo"], ["2", "b", "9.50", "Rome"], ["1", "a", "12.00", "Oslo"]]


def browsed(after: Observation) -> Story:
    story = Story().open(listing("/products", UNSORTED))
    return story.click(story.now.nodes[-1].ref, after)


def test_number_and_order_of_rows() -> None:
    compiled = browsed(listing("/products", SORTED)).expect("3 rows in ascending price")
    assert kinds(compiled) == ["count", "sorted"]
    assert browsed(listing("/products", UNSORTED)).expect("3 rows in ascending price").unchecked
    assert browsed(listing("/products", SORTED)).expect("4 rows in ascending price").unchecked
    assert browsed(listing("/products", SORTED)).expect("3 red rows").unchecked


def test_every_row_and_only_rows_name_the_column() -> None:
    oslo = [row for row in UNSORTED if row[3] == "Oslo"]
    story = browsed(listing("/products", oslo))
    for clause in ("Every row is Oslo", "Only Oslo rows", "All rows show Oslo"):
        compiled = story.expect(clause)
        assert kinds(compiled) == ["every_row"]
        assert compiled.proposals[0].assertion.column == "city"
    assert story.expect("Every row is Rome").unchecked


def test_first_row_and_count_in_words() -> None:
    story = browsed(listing("/products?_next=100", [["101", "z", "1.00", "Rome"]]))
    assert kinds(story.expect("Starts at row 101")) == ["first_row"]
    assert kinds(story.expect("Exactly one row")) == ["count"]
    assert story.expect("Starts at row 10").unchecked


def test_the_page_says_its_words() -> None:
    story = browsed(listing("/products", SORTED, "400 rows"))
    assert texts(story.expect("Table page says 400 rows")) == ["400 rows"]
    assert story.expect("Table page says 40 rows").unchecked


def test_a_value_under_its_column() -> None:
    page = Paper("/sql", "Query")
    page.table(["n"], [["400"]])
    story = Story().open(page.seen())
    compiled = story.expect("n = 400")
    assert kinds(compiled) == ["cell"]
    assert compiled.proposals[0].assertion.column == "n"
    assert story.expect("n = 40").unchecked


def test_the_count_beside_what_was_clicked_is_read_first() -> None:
    facets = Paper("/products?_facet=category", "Products")
    item = facets.node("listitem", "", text="book 2")
    link = facets.node("link", "book", parent=item, tag="a")
    facets.table(["id"], [["1"], ["2"], ["3"]])
    story = Story().open(facets.seen())
    story.click(link, listing("/products?category=book", UNSORTED[:2]))
    compiled = story.expect("Row count equals the facet's count")
    proposal = compiled.proposals[0]
    assert proposal.needs is not None
    assert (proposal.needs.before, proposal.needs.value) == (1, "2")
    assert proposal.assertion.relative_to == proposal.needs.extraction.variable
    story.variables[proposal.assertion.relative_to] = "2"
    assert story.expect("Row count equals the facet's count").proposals[0].needs is None


def test_more_than_before_asks_for_the_earlier_value() -> None:
    poll = Paper("/polls/1/", "Poll")
    button = poll.node("button", "Vote", tag="button")
    results = Paper("/polls/1/results/", "Results")
    results.heading("Results")
    results.table(["Choice", "Votes"], [["Yes", "5"], ["No", "2"]])
    story = Story().open(poll.seen()).click(button, results.seen())
    compiled = story.expect("Results page, Yes has one more vote than before")
    relative = compiled.proposals[-1]
    assert relative.needs is not None
    assert (relative.needs.page, relative.needs.before) == ("/polls/1/results/", 1)
    assert (relative.assertion.column, relative.assertion.delta) == ("Votes", 1)
    story.variables[relative.assertion.relative_to] = "5"
    assert story.expect("Yes has one more vote than before").unchecked
    story.variables[relative.assertion.relative_to] = "4"
    assert not story.expect("Yes has one more vote than before").unchecked


def catalogue(path: str, names: list[str], *lines: str) -> Observation:
    page = Paper(path, "Shop")
    page.field("Search")
    for line in lines:
        page.line(line)
    if names:
        page.list(names, classes=("products",))
    return page.seen()


def test_then_puts_each_result_at_its_moment() -> None:
    full, none = catalogue("/s?q=a", ["p1", "p2"]), catalogue("/s?q=x", [], "Found 0 results")
    story = Story().open(catalogue("/", ["p0"]))
    story.step(ActionKind.PRESS, full, "e1", "Enter").type("e1", "x")
    story.step(ActionKind.PRESS, none, "e1", "Enter")
    compiled = story.expect("2 products, then none")
    assert kinds(compiled) == ["count", "hidden", "new_text"]
    assert [item.moment for item in compiled.proposals] == [1, None, None]
    assert story.expect("3 products, then none").unchecked
    assert story.expect("2 products, then 4 products").unchecked


def test_a_count_needs_a_list_that_goes_by_the_noun() -> None:
    story = (
        Story()
        .open(catalogue("/", []))
        .step(ActionKind.PRESS, catalogue("/s", ["a", "b"]), "e1", "Enter")
    )
    assert kinds(story.expect("2 products")) == ["count"]
    assert story.expect("2 errors").unchecked == ("2 errors",)
    assert story.expect("2 completed items").unchecked == ("2 completed items",)


def todo(items: list[str], states: list[str] | None = None, left: str = "") -> Observation:
    page = Paper("/todo", "Todo")
    page.field("What needs to be done?", "")
    if items:
        page.list(items, states=states or [""] * len(items))
    if left:
        page.line(left)
    page.node("button", "Toggle all", tag="button")
    page.node("link", "Active", tag="a")
    page.node("link", "Completed", tag="a")
    return page.seen()


def ref(page: Observation, name: str) -> str:
    return next(node.ref for node in page.nodes if name in (node.name, node.text))


def test_items_input_and_quoted_text_together() -> None:
    story = Story().open(todo([])).type("e1", "milk")
    story.step(ActionKind.PRESS, todo(["milk", "dog"], left="2 items left"), "e1", "Enter")
    compiled = story.expect("Two items, '2 items left', input emptied")
    assert kinds(compiled) == ["count", "new_text", "value"]
    assert story.expect("Three items, '2 items left'").unchecked == ("Three items",)


def test_nothing_added_is_checked_by_the_absence_of_items() -> None:
    story = Story().open(todo([])).type("e1", "  ")
    story.step(ActionKind.PRESS, todo([]), "e1", "Enter")
    assert kinds(story.expect("Nothing added")) == ["hidden"]
    story.step(ActionKind.PRESS, todo(["x"]), "e1", "Enter")
    assert story.expect("Nothing added").unchecked


def test_struck_and_sequences_of_states() -> None:
    two = todo(["a", "b"])
    story = Story().open(two).ready()
    story.click(ref(two, "a"), todo(["a", "b"], ["struck", ""], "1 item left"))
    compiled = story.expect("It is struck through; '1 item left'")
    assert kinds(compiled) == ["count", "new_text"]
    assert (compiled.proposals[0].assertion.text, compiled.proposals[0].assertion.state) == (
        "a",
        "struck",
    )
    story = Story().open(two).ready()
    toggle = ref(two, "Toggle all")
    story.click(toggle, todo(["a", "b"], ["struck", "struck"])).click(toggle, two)
    compiled = story.expect("All completed, then none")
    assert [item.moment for item in compiled.proposals] == [1, None]
    assert [item.assertion.number for item in compiled.proposals] == [2, 0]


def test_only_one_remains() -> None:
    two = todo(["a", "b"], ["struck", ""])
    story = Story().open(two).ready().click(ref(two, "a"), todo(["b"]))
    for clause in ("Only the second remains", "Only the open one remains"):
        assert kinds(story.expect(clause)) == ["count", "text", "no_text"]
    assert story.expect("Only the first remains").unchecked


def test_editing_new_text_old_text_and_removal() -> None:
    one = todo(["a"])
    story = Story().open(one).ready().step(ActionKind.DOUBLE_CLICK, one, ref(one, "a"))
    story.type("e1", "changed")
    kept, new, gone = (todo(items) for items in (["a"], ["changed"], []))
    for after, clause in ((kept, "Old text kept"), (new, "New text shown"), (gone, "Item removed")):
        moment = list(story.moments)
        story.step(ActionKind.PRESS, after, "e1", "Enter")
        assert kinds(story.expect(clause))
        for other in {"Old text kept", "New text shown", "Item removed"} - {clause}:
            assert not (other == "Old text kept" and not story.expect(other).unchecked)
        story.moments, story.now = moment, one


def test_each_view_shows_its_items_and_back_returns() -> None:
    both = todo(["a", "b"], ["struck", ""])
    active = Paper("/todo#/active", "Todo")
    active.list(["b"])
    for name in ("Active", "Completed"):
        active.node("link", name, tag="a")
    done = Paper("/todo#/completed", "Todo")
    done.list(["a"], states=["struck"])
    story = Story().open(both).ready().click(ref(both, "Active"), active.seen())
    story.click(ref(active.seen(), "Completed"), done.seen())
    story.step(ActionKind.BACK, active.seen())
    compiled = story.expect("Each view shows the right item; Back returns to Active")
    assert {item.moment for item in compiled.proposals} == {1, 2, None}
    assert compiled.proposals[-1].assertion.text == "/todo#/active"


def test_alerts_dialogs_and_status() -> None:
    after = login_page("You didn\u2019t select a choice.")
    story = signed_in(after)
    assert kinds(story.expect("Alert: You didn't select a choice.")) == ["new_text"]
    assert story.expect("Alert: You selected no choice.").unchecked
    story = (
        Story()
        .open(home_page())
        .click("e3", home_page(), dialogs=(Dialog("alert", "Sure?", "accept"),))
    )
    assert texts(story.expect("Alert: Sure?")) == ["Sure?"]
    denied = Paper("/dashboard/", "403 Forbidden", status=403)
    denied.heading("Forbidden")
    story = Story().open(denied.seen())
    assert kinds(story.expect("403 or login")) in (["any_of"], ["status"])
    assert story.expect("404 or login").unchecked


def test_what_a_run_made_is_asserted_by_its_template() -> None:
    form = Paper("/groups/add/", "Add group")
    form.field("Name")
    form.node("button", "Save", tag="button")
    groups = Paper("/groups/", "Groups")
    groups.notice("The group \u201cg77\u201d was added successfully.", "success")
    groups.list(["g77", "staff"], classes=("groups",))
    story = Story().open(form.seen()).type("e1", "g77", "g{{unique}}")
    story.click("e2", groups.seen())
    compiled = story.expect("Success message; group listed")
    assert "g{{unique}}" in texts(compiled)[0]
    assert all("g77" not in text for text in texts(compiled))
    after = Paper("/groups/", "Groups")
    after.notice("The group \u201cg77\u201d was deleted successfully.", "success")
    after.list(["staff"], classes=("groups",))
    story.click(ref(groups.seen(), "g77"), after.seen())
    compiled = story.expect("Deleted message; group gone from the list")
    assert compiled.proposals[-1].follow_up is not None
    assert compiled.proposals[-1].follow_up.url == "/groups/"


def test_absent_controls_are_hidden_and_present_ones_unchecked() -> None:
    page = Paper("/q/1/", "View question")
    page.node("button", "Close", tag="button")
    story = Story().open(home_page()).open(page.seen())
    compiled = story.expect("No Users section; no Save button")
    assert [item.assertion.kind for item in compiled.proposals][-1] is K.HIDDEN
    assert story.expect("No Close button").unchecked == ("No Close button",)


def test_lines_of_a_file() -> None:
    file = Download("p.csv", 30, "id,name\n1,a\n2,b\n")
    page = home_page()
    story = Story().open(page).step(ActionKind.FETCH, page, downloads=(file,))
    assert kinds(story.expect("Header and 2 rows")) == ["download"]
    assert story.expect("Header and 3 rows").unchecked


def test_totals_with_a_note_that_works_out() -> None:
    def basket(total: str) -> Observation:
        page = Paper("/basket/", "Basket")
        page.field("Code")
        page.table([], [["Subtotal", "5.00"], ["Order total", f"£{total}"]])
        return page.seen()

    story = Story().open(basket("22.00")).step(ActionKind.PRESS, basket("19.80"), "e1", "Enter")
    assert kinds(story.expect("Total 19.80 (10% off)")) == ["cell"]
    assert story.expect("Total 19.80 (20% off)").unchecked
    assert story.expect("Total 9.80").unchecked


def test_values_that_were_typed_stay_in_their_fields() -> None:
    form = Paper("/q/add/", "Add question")
    for name in ("Choice 1", "Choice 2"):
        form.field(name)
    form.node("button", "Save", tag="button")
    after = Paper("/q/1/", "Change question")
    after.notice("The question was added successfully.", "success")
    after.field("Choice 1", "Left")
    after.field("Choice 2", "Right")
    story = Story().open(form.seen()).type("e1", "Left").type("e2", "Right")
    story.click("e3", after.seen())
    assert kinds(story.expect("Saved; both choices still in the form")) == [
        "new_text",
        "value",
        "value",
    ]


def test_derived_assertions_prefer_messages_and_hold_only_after() -> None:
    after = login_page("Please enter the correct username and password.")
    best = derive(signed_in(after).trail())
    assert best[0].assertion.text == "Please enter the correct username and password."
    assert all(not item.vacuous for item in best)
    moved = derive(signed_in(home_page()).trail())
    assert K.URL in {item.assertion.kind for item in moved}


def test_quotes_protect_what_they_hold() -> None:
    page = Paper("/", "x")
    page.line("Saved, then sent; or not")
    story = Story().open(home_page()).open(page.seen())
    assert texts(story.expect("'Saved, then sent; or not'")) == ["Saved, then sent; or not"]


def test_requests_alone_prove_nothing() -> None:
    page = home_page()
    sent = Exchange("POST", page.url, "fetch", 200)
    story = Story().open(page).click("e3", page, exchanges=(sent,))
    assert compile_expected(["Order saved"], story.trail()).unchecked == ("Order saved",)


def groups_page() -> Paper:
    page = Paper("/admin/groups/", "Groups | Site")
    page.heading("Groups")
    page.table(["Name", "Members"], [["Editors", "3"], ["Moderators", "1"]])
    page.notice("\u00d7 Your name and password didn\u2019t match.", "error")
    return page


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("Editors and Moderators are listed", ["new_text", "new_text"]),
        ("the groups Editors, Moderators are shown", ["new_text", "new_text"]),
        ("Editors in the first row", ["first_row"]),
        ("Editors is the first row", ["first_row"]),
        ("Moderators in the first row", None),
        ("Editors and Authors are listed", None),
        ("Moderators in the list", ["text"]),
        ("Moderators is now shown in the groups table", ["text"]),
        ("Authors in the list", None),
        ("Groups", ["new_text"]),
        ("Members", None),
        ("Error: name and password did not match", ["new_text"]),
    ],
)
def test_what_testers_write_of_a_list_or_page(clause: str, found: list[str] | None) -> None:
    compiled = Story().open(home_page()).click("e3", groups_page().seen()).expect(clause)
    assert (kinds(compiled) if not compiled.unchecked else None) == found


def test_the_cross_of_a_message_is_not_its_text() -> None:
    story = Story().open(home_page()).click("e3", groups_page().seen())
    (found,) = story.expect("Error message").proposals
    assert found.assertion.text.startswith("Your name")


def test_the_page_of_one_thing_is_that_things_own() -> None:
    orders = Paper("/shop/orders", "orders")
    orders.heading("orders")
    link = orders.node("link", "Customer 12", tag="a", href="/shop/customers/12")
    page = Paper("/shop/customers/12", "customers: 12")
    page.heading("customers: 12")
    page.line("Customer 12")
    compiled = Story().open(orders.seen()).click(link, page.seen()).expect("Customer row page")
    assert "/shop/customers/12" in texts(compiled)
    assert "Customer 12" in texts(compiled)


def test_ids_passed_before_anything_was_sent_stay_in_addresses() -> None:
    poll = Paper("/polls/1/", "Best?")
    poll.heading("Best?")
    vote = poll.node("button", "Vote", tag="button")
    results = Paper("/polls/1/results/", "Results")
    results.heading("Results")
    sent = Exchange("POST", "http://site.test/polls/1/vote", "document", 302)
    story = Story().open(poll.seen()).click(vote, results.seen(), exchanges=(sent,))
    assert texts(story.expect("Results page"))[0] == "/polls/1/results/"


def test_a_labelled_value_is_held_to_the_list_where_it_stands() -> None:
    before = Paper("/cart", "Cart")
    press = before.node("button", "Update", tag="button")
    after = Paper("/cart", "Cart")
    after.table([], [["Cart total", "£66.00"], ["Order total", "£66.00"]], classes=("totals",))
    compiled = Story().open(before.seen()).click(press, after.seen()).expect("Order total 66.00")
    (only,) = compiled.proposals
    assert only.assertion.kind is K.CELL
    assert only.assertion.scope is not None
