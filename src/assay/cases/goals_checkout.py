"""Tests of the checkout: all the way to a confirmation, and what it must refuse."""

from __future__ import annotations

import re

from assay.atlas.abstraction import heading_of
from assay.atlas.fields import label_of, meaning
from assay.atlas.focus import Wanted
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.browser.model import ActionKind, Node, Observation
from assay.cases.goals_access import enter_login, log_in
from assay.cases.goals_accounts import account_of
from assay.cases.goals_cart import (
    Product,
    add_product,
    expect_total,
    one_of_each,
    open_cart,
    product_spot,
    quantity_test,
)
from assay.cases.goals_records import fill_form, fillable
from assay.cases.goals_workshop import (
    CannotWrite,
    Plan,
    StartOver,
    Workshop,
    buttons_like,
    expect_message,
    expect_text,
    expect_url,
    form_of,
    fresh_notices,
    go,
    path_of,
    put,
    send,
    shown,
)
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder
from assay.cases.values import wrong

_CHECKOUT = r"check ?out|proceed to (?:check ?out|payment)"
_FORWARD = (
    r"^(?:continue|next|proceed|save and continue|place (?:the |my |your )?order|confirm|"
    r"complete (?:order|purchase)|submit|pay\b|buy|order now|review|preview|"
    r"ship to (?:this|here)|deliver (?:to|here)|use this|select|view preview|go on)"
)
_DONE = (
    r"thank you|thanks for (?:your )?order|"
    r"order (?:has been )?(?:placed|confirmed|complete|received)|"
    r"order (?:number|confirmation)|confirmation|success"
)
_GATE = re.compile(
    r"returning customer|existing customer|already (?:have|registered)|i have an account|"
    r"new customer|new or returning",
    re.IGNORECASE,
)
_STEPS_AT_MOST = 9
_SHOWN_AT_MOST, _SHORTEST_SHOWN, _LONGEST_SHOWN = 2, 4, 160


def checkout_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of the checkout: all the way, the total on the way, and refused data."""

    async def whole() -> Draft | None:
        return await _whole(shop)

    async def invalid() -> Draft | None:
        return await _refused(shop, "checkout-invalid")

    async def required() -> Draft | None:
        return await _refused(shop, "checkout-required")

    async def quantity() -> Draft | None:
        return await quantity_test(shop)

    return (
        Plan("checkout-positive", "Check out to the order confirmation", whole),
        Plan(
            "checkout-invalid",
            "Checkout refuses invalid data and keeps the rest",
            invalid,
            True,
            "invalid wrong bad postcode email address",
        ),
        Plan(
            "cart-total", "The total follows the quantity", quantity, words="total quantity price"
        ),
        Plan(
            "checkout-required",
            "Checkout refuses an empty required field",
            required,
            True,
            "empty blank missing required without",
        ),
    )


async def begin_checkout(shop: Workshop, rec: Recorder) -> Product:
    """A product in the cart and the checkout opened; logs in or goes on as a guest when asked."""
    spot = await product_spot(shop)
    if shop.facts.get("checkout needs login"):
        await _log_in_first(shop, rec)
    product = await add_product(rec, spot)
    await open_cart(rec)
    if shop.facts.get("checkout needs login"):
        await one_of_each(rec)
    buttons = buttons_like(rec.observation, _CHECKOUT)
    if not buttons:
        raise CannotWrite("No way from the cart to the checkout was found.")
    await rec.act(ActionKind.CLICK, buttons[0].ref)
    await _pass_gate(shop, rec)
    return product


async def _log_in_first(shop: Workshop, rec: Recorder) -> None:
    spot = await shop.spot("login", Wanted("log in", (Purpose.LOGIN,)))
    account = account_of(shop, shop.facts.get("login text", ""))
    if spot is None or account is None:
        return
    await go(rec, spot, "Open the login page")
    await log_in(rec, account, spot.form)


async def _pass_gate(shop: Workshop, rec: Recorder) -> None:
    """The question who is buying: an account of ours, else as a guest."""
    view = form_of(rec.observation, Purpose.LOGIN)
    account = account_of(shop, rec.observation.text)
    form = main_form(rec.observation)
    asks = (
        form is not None
        and form.purpose is not Purpose.ADDRESS
        and any(_GATE.search(node.near + label_of(node) + node.text) for node in form.nodes)
    )
    if account is not None and asks and not shop.facts.get("checkout needs login"):
        shop.facts["checkout needs login"] = "yes"
        raise StartOver("The checkout asks who is buying.")
    if view is None:
        return
    if account is not None:
        view = await enter_login(rec, account.user, account.secret, view)
        before = rec.observation
        await send(rec, view)
        if form_of(rec.observation, Purpose.LOGIN) is None or before.url != rec.observation.url:
            return
        said = next(iter(fresh_notices(rec.moments[-1])), "nothing")
        raise CannotWrite(f"The checkout refused to log in: it says “{said[:120]}”.")
    guest = buttons_like(rec.observation, r"guest|without (?:an )?account|anonymous")
    if not guest:
        raise CannotWrite("The checkout asks to log in, and no credentials are configured.")
    await rec.act(ActionKind.CLICK, guest[0].ref)


def main_form(observation: Observation) -> FormView | None:
    """The form that the current step of a checkout is about."""
    skip = {
        Purpose.SEARCH,
        Purpose.NEWSLETTER,
        Purpose.FILTER,
        Purpose.LOGOUT,
        Purpose.VOUCHER,
        Purpose.CART,
        Purpose.DELETE,
    }
    views = [
        view
        for view in find_forms(observation)
        if view.purpose not in skip
        and not any(node.landmark in {"banner", "contentinfo", "navigation"} for node in view.nodes)
    ]
    views.sort(
        key=lambda view: (
            not (view.submit and re.search(_FORWARD, label_of(view.submit), re.IGNORECASE)),
            -len(view.fields),
        )
    )
    return views[0] if views else None


def is_done(observation: Observation) -> bool:
    """Whether an order has been confirmed."""
    words = f"{heading_of(observation)}\n{observation.title}\n" + "\n".join(observation.notices)
    head = "\n".join(observation.text.splitlines()[:40])
    strong = r"thank you|order (?:has been )?(?:placed|confirmed|complete|received)|order number"
    return bool(
        re.search(_DONE, words, re.IGNORECASE) or re.search(strong, head, re.IGNORECASE)
    ) and (not _pays(observation))


def _pays(observation: Observation) -> bool:
    return bool(
        buttons_like(observation, r"^(?:place|confirm|complete|submit) .{0,12}order|^pay\b")
    )


async def advance(rec: Recorder) -> bool:
    """One step of a checkout: fill what it asks, go forward. False when there is no way on."""
    view = main_form(rec.observation)
    if (
        view is not None
        and view.submit is not None
        and (view.fields or view.purpose is not Purpose.OTHER)
    ):
        await fill_form(rec, view.purpose, view, seed="checkout")
        view = form_of(rec.observation, view.purpose, view) or view
        await send(rec, view)
        return True
    buttons = buttons_like(rec.observation, _FORWARD)
    buttons = [node for node in buttons if node.landmark not in {"banner", "navigation"}]
    if not buttons:
        return False
    await rec.act(ActionKind.CLICK, buttons[0].ref)
    return True


async def _whole(shop: Workshop) -> Draft | None:
    async with shop.recorder("checkout-positive") as rec:
        product = await begin_checkout(shop, rec)
        kept = bool(shop.facts.get("checkout needs login"))
        last = ""
        for _ in range(_STEPS_AT_MOST):
            if is_done(rec.observation):
                break
            await shop.progress.check()
            here = f"{path_of(rec.observation.url)} {heading_of(rec.observation)} " + " ".join(
                rec.observation.notices
            )
            if here == last:
                break
            last = here
            if _pays(rec.observation):
                await expect_total(rec, product, 1, kept=kept)
                await _expect_shown(rec)
            if not await advance(rec):
                break
        if not is_done(rec.observation):
            shop.facts["checkout stopped"] = path_of(rec.observation.url)
            said = next(iter(rec.observation.notices), "") or heading_of(rec.observation)
            raise CannotWrite(
                f"The checkout did not get past {path_of(rec.observation.url)}, "
                f"which shows “{said[:120]}”."
            )
        return await _confirmed(rec, product, kept)


async def _expect_shown(rec: Recorder) -> None:
    """What was entered on the way is shown before it is bought: the lines that show most of it."""
    typed = [item for item in rec.typed if not item.secret and len(item.value) >= _SHORTEST_SHOWN]
    lines: dict[str, list[str]] = {}
    for line in rec.observation.text.splitlines():
        shown = [item.label for item in typed if item.value in line]
        if shown and len(line) <= _LONGEST_SHOWN:
            lines.setdefault(line.strip(), shown)
    best = sorted(lines, key=lambda line: -len(lines[line]))[:_SHOWN_AT_MOST]
    for line in best:
        labels = ", ".join(f"“{label}”" for label in dict.fromkeys(lines[line]))
        text = line
        for item in typed:
            text = text.replace(item.value, item.template)
        await rec.expect(Assertion(AssertionKind.TEXT, text), f"{labels}: “{text}” is shown")


async def _confirmed(rec: Recorder, product: Product, kept: bool) -> Draft:
    expected: list[str] = []
    title = heading_of(rec.observation)
    if title and await expect_text(rec, title, f"The heading “{title}” is shown"):
        expected.append(f"“{title}” is shown")
    if await expect_url(rec):
        expected.append("the confirmation page is reached")
    if product.name in rec.observation.text and await expect_text(
        rec, product.name, f"The order lists “{product.name}”"
    ):
        expected.append(f"the order lists “{product.name}”")
    if await expect_total(rec, product, 1, kept=kept):
        expected.append("the order’s total is right")
    if not expected:
        raise CannotWrite("The confirmation shows nothing that could be asserted.")
    return rec.draft(
        "checkout-positive",
        "Check out to the order confirmation",
        f"A customer can order “{product.name}”.",
        "; ".join(expected),
    )


async def _refused(shop: Workshop, key: str) -> Draft | None:
    """A step of the checkout with one wrong or missing value: a message, and the rest is kept.

    Starts over with another field when the site took the wrong value of the first.
    """
    taken: set[str] = set()
    for _attempt in range(2):
        before = len(taken)
        draft = await _try_refusal(shop, key, taken)
        if draft is not None or len(taken) == before:
            return draft
    return None


async def _try_refusal(shop: Workshop, key: str, taken: set[str]) -> Draft | None:
    async with shop.recorder(key) as rec:
        await begin_checkout(shop, rec)
        for _ in range(_STEPS_AT_MOST):
            view = main_form(rec.observation)
            culprit = _culprit(view, key, taken) if view is not None else None
            if view is not None and culprit is not None:
                draft = await _refuse_step(rec, view, culprit, key)
                if draft is None:
                    taken.add(label_of(culprit))
                return draft
            if is_done(rec.observation) or _pays(rec.observation) or not await advance(rec):
                break
    return None


def _culprit(view: FormView, key: str, taken: set[str]) -> Node | None:
    """The field to get wrong: one whose check is the site's, not the browser's, if there is one."""
    texts = [
        node
        for node in view.fields
        if node.role == "textbox" and fillable(node) and label_of(node) not in taken
    ]
    if key == "checkout-required":
        asked = [node for node in texts if "required" in node.states] or texts
        return asked[min(1, len(asked) - 1)] if asked else None
    # Nearly every site knows a wrong e-mail address; a wrong postcode only who knows the country.
    order = ("email", "card_number", "postcode", "phone", "card_expiry", "card_cvc")
    known = [node for kind in order for node in texts if meaning(node) == kind]
    served = [
        node
        for node in known
        if "novalidate" in node.constraints
        or not (node.constraints.get("pattern") or node.input_type in {"email", "number"})
    ]
    return next(iter(served or known), None)


async def _refuse_step(rec: Recorder, view: FormView, culprit: Node, key: str) -> Draft | None:
    name = f"{culprit.dom_name or culprit.dom_id or label_of(culprit)}|{culprit.role}|"
    label = label_of(culprit)
    filled = await fill_form(rec, view.purpose, view, seed="checkout", skip=name)
    current = form_of(rec.observation, view.purpose, view) or view
    bad = ""
    field = next((node for node in current.fields if label_of(node) == label), None)
    if field is None:
        return None
    if key == "checkout-invalid":
        bad = wrong(field, "checkout")
        await put(rec, field, bad)
    elif field.value:
        await rec.act(ActionKind.CLEAR, field.ref)
    current = form_of(rec.observation, view.purpose, view) or current
    before = rec.observation
    await send(rec, current)
    message = await expect_message(rec)
    after = form_of(rec.observation, view.purpose, view)
    if not message or after is None:
        return None
    kept = await _expect_kept(rec, after, label, before)
    await expect_url(rec, "The page is still the same step")
    said = shown(message) + (f"; {', '.join(kept)} keep their values" if kept else "")
    what = f"“{bad}” in “{label}”" if bad else f"an empty “{label}”"
    return rec.draft(
        key,
        "Checkout refuses invalid data and keeps the rest"
        if bad
        else "Checkout refuses an empty required field",
        f"Going on with {what} is refused, and what was entered stays."
        if filled
        else f"Going on with {what} is refused.",
        said,
    )


async def _expect_kept(
    rec: Recorder, view: FormView, culprit: str, before: Observation
) -> list[str]:
    """Every other text that was entered is still in its field."""
    kept: list[str] = []
    entered = {item.label: item for item in rec.typed if item.label != culprit}
    for node in view.fields:
        item = entered.get(node.name) or entered.get(label_of(node))
        if item is None or node.input_type == "password" or not node.value:
            continue
        if node.value != item.value:
            continue
        check = await rec.expect(
            Assertion(AssertionKind.VALUE, item.template),
            f"“{label_of(node)}” keeps its value",
            target_ref=node.ref,
        )
        if check.ok:
            kept.append(f"“{label_of(node)}”")
    return kept[:6]
