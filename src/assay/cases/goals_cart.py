"""Tests of the cart: into it, the total that follows the quantity, and out of it again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assay.atlas.abstraction import heading_of
from assay.atlas.fields import is_field, label_of, meaning
from assay.atlas.focus import Spot, Wanted
from assay.atlas.model import Purpose
from assay.atlas.purpose import find_forms
from assay.browser.model import ActionKind, Node, Observation
from assay.cases.goals_find import title_of
from assay.cases.goals_money import Amount, TotalLine, parse, price_near_heading, total_lines
from assay.cases.goals_workshop import (
    CannotWrite,
    Plan,
    Workshop,
    buttons_like,
    expect_message,
    expect_text,
    go,
    heading_node,
    path_of,
    put,
    shown,
)
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder

_ADD = r"add (?:\w+ )?to (?:\w+ )?(?:cart|basket|bag|trolley)"
_CART = (
    r"^(?:view |go to |my |your |shopping )*(?:cart|basket|bag|trolley)\b|view (?:cart|basket|bag)"
)


@dataclass(frozen=True, slots=True)
class Product:
    """What was put into the cart."""

    name: str
    price: Amount | None


def _sells(observation: Observation) -> bool:
    """Whether this is the page of one product that can be bought."""
    buys = [view for view in find_forms(observation) if view.purpose is Purpose.ADD_TO_CART]
    buttons = buttons_like(observation, _ADD)
    return len(buys) == 1 or len(buttons) == 1


async def product_spot(shop: Workshop) -> Spot:
    """The page of a product that can be bought."""
    words = "shop products catalogue browse store all category"
    spot = await shop.spot("product", Wanted(words, page=_sells, goods=True), hops=6)
    if spot is None:
        spot = await shop.spot("products", Wanted(words, (Purpose.ADD_TO_CART,), goods=True))
    if spot is None:
        raise CannotWrite("No product that can be put into a cart was found on the site.")
    return spot


async def add_product(rec: Recorder, spot: Spot) -> Product:
    """Open the product's page (or the list that sells it) and put it into the cart."""
    await go(rec, spot, "Open a product’s page" if not spot.heading else f"Open “{spot.heading}”")
    seen = rec.observation
    buttons = buttons_like(seen, _ADD)
    if not buttons:
        raise CannotWrite("The button that puts a product into the cart was not found again.")
    button = _on_own_page(seen, buttons)
    name = heading_of(seen)
    product = Product(name, price_near_heading(seen, name))
    if len(buttons) > 1 and button.section != name:
        product = _listed_product(seen, button) or product
    said = f"Put “{product.name}” into the cart" if len(buttons) > 1 else ""
    await rec.act(ActionKind.CLICK, button.ref, text=said)
    return product


def _listed_product(observation: Observation, button: Node) -> Product | None:
    """What a button in a list sells: the item that it stands in."""
    by_ref = {node.ref: node for node in observation.nodes}
    above: set[str] = set()
    current: Node | None = button
    while current is not None:
        above.add(current.ref)
        current = by_ref.get(current.parent or "")
    for collection in observation.collections:
        for ref, text in zip(collection.item_refs, collection.item_texts, strict=False):
            if ref in above and parse(text) is not None:
                return Product(title_of(observation, ref, text), parse(text))
    return None


async def one_of_each(rec: Recorder) -> None:
    """Set the quantity to one, for carts that an account keeps from run to run."""
    field = _quantity_field(rec.observation)
    if field is None or field.tag == "select":
        return
    await put(rec, field, "1", "Set the quantity to 1")
    await _update(rec)


def _on_own_page(observation: Observation, buttons: list[Node]) -> Node:
    title = heading_node(observation)
    if title is None:
        return buttons[0]
    below = [node for node in buttons if node.section == title.text]
    return (below or buttons)[0]


async def open_cart(rec: Recorder) -> None:
    """Come to the cart, unless adding already led there."""
    path = path_of(rec.observation.url)
    if re.search(r"/(?:cart|basket|bag)\b", path):
        return
    links = buttons_like(rec.observation, _CART)
    links = [node for node in links if not re.search(r"add |remove|empty", label_of(node), re.I)]
    if not links:
        links = [
            node
            for node in rec.observation.nodes
            if node.role == "link" and re.search(r"/(?:cart|basket|bag)/?(?:$|\?)", node.href)
        ]
    if not links:
        raise CannotWrite("No link to the cart was found.")
    links.sort(key=lambda node: (node.role != "link", "covered" in node.states))
    await rec.act(ActionKind.CLICK, links[0].ref, text="Open the cart")


def cart_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of the cart."""

    async def added() -> Draft | None:
        return await _added(shop)

    async def quantity() -> Draft | None:
        return await quantity_test(shop)

    async def removed() -> Draft | None:
        return await _removed(shop)

    return (
        Plan("cart-add", "Put a product into the cart", added),
        Plan(
            "cart-total", "The total follows the quantity", quantity, words="total quantity price"
        ),
        Plan("cart-remove", "Take a product out of the cart", removed, words="remove delete take"),
    )


async def _added(shop: Workshop) -> Draft | None:
    spot = await product_spot(shop)
    async with shop.recorder("cart-add") as rec:
        product = await add_product(rec, spot)
        expected: list[str] = []
        message = await expect_message(rec, r"added|cart|basket|bag")
        if message:
            expected.append(shown(message))
        await open_cart(rec)
        if await _expect_line(rec, product):
            expected.append(f"the cart shows “{product.name}”")
        total = await expect_total(rec, product, 1)
        if total:
            expected.append(total)
        if not expected:
            raise CannotWrite("The cart did not show the product.")
        return rec.draft(
            "cart-add",
            f"Put “{product.name}” into the cart",
            "A product that was put into the cart is in it, at its price.",
            "; ".join(expected),
        )


async def _expect_line(rec: Recorder, product: Product) -> bool:
    row = next(
        (
            node
            for node in rec.observation.nodes
            if node.role == "link"
            and node.name == product.name
            and node.landmark not in {"navigation", "banner"}
        ),
        None,
    )
    if row is not None:
        check = await rec.expect(
            Assertion(AssertionKind.VISIBLE), f"“{product.name}” is in the cart", target_ref=row.ref
        )
        if check.ok:
            return True
    return await expect_text(rec, product.name, f"“{product.name}” is in the cart")


async def expect_total(
    rec: Recorder, product: Product, quantity: int, *, kept: bool = False
) -> str:
    """Assert the totals, worked out from the price and the quantity where the page agrees.

    A cart that an account keeps may hold more in the next run: of such only an agreeing total is
    asserted. Returns what was asserted, in words; ``""`` when the page shows no total.
    """
    lines = total_lines(rec.observation)
    if kept and (not lines or lines[0] != _agreeing(lines, product, quantity)):
        return ""
    agreeing = _agreeing(lines, product, quantity)
    chosen = dict.fromkeys([*([agreeing] if agreeing else []), *lines[:1]])
    asserted: list[str] = []
    for line in chosen:
        sums = f" ({line.sums})" if line.sums else ""
        if product.price is not None and line.amount.value == product.price.value * quantity:
            sums = f" ({quantity} × {product.price.written})"
        said = f"“{line.label.rstrip(': ')}” is {line.amount.written}"
        if (await rec.expect(Assertion(AssertionKind.TEXT, line.text), said + sums)).ok:
            asserted.append(said)
    return " and ".join(asserted)


def _agreeing(lines: list[TotalLine], product: Product, quantity: int) -> TotalLine | None:
    if product.price is None:
        return None
    wanted = product.price.value * quantity
    return next((line for line in lines if line.amount.value == wanted), None)


def _quantity_field(observation: Observation) -> Node | None:
    for node in observation.nodes:
        if is_field(node) and meaning(node) == "quantity" and not node.states & {"disabled"}:
            return node
    return None


async def quantity_test(shop: Workshop) -> Draft | None:
    """Three of a product cost three times its price."""
    spot = await product_spot(shop)
    async with shop.recorder("cart-total") as rec:
        product = await add_product(rec, spot)
        await open_cart(rec)
        field = _quantity_field(rec.observation)
        before = total_lines(rec.observation)
        if field is None or product.price is None or not before:
            return None
        await put(rec, field, "3")
        if not _shows(rec.observation, product.price, 3):
            await _update(rec)
        field = _quantity_field(rec.observation)
        if field is not None and field.tag != "select":
            await rec.expect(
                Assertion(AssertionKind.VALUE, "3"), "The quantity is 3", target_ref=field.ref
            )
        total = await expect_total(rec, product, 3)
        if not total:
            return None
        return rec.draft(
            "cart-total",
            "The total follows the quantity",
            "Three of a product cost three times its price.",
            total,
        )


def _shows(observation: Observation, price: Amount, quantity: int) -> bool:
    return any(line.amount.value == price.value * quantity for line in total_lines(observation))


async def _update(rec: Recorder) -> None:
    buttons = buttons_like(rec.observation, r"^(?:update|recalculate|refresh|change|save|apply)\b")
    if buttons:
        await rec.act(ActionKind.CLICK, buttons[0].ref)
        return
    field = _quantity_field(rec.observation)
    if field is not None:
        await rec.act(ActionKind.PRESS, field.ref, value="Enter")


async def _removed(shop: Workshop) -> Draft | None:
    spot = await product_spot(shop)
    async with shop.recorder("cart-remove") as rec:
        product = await add_product(rec, spot)
        await open_cart(rec)
        buttons = buttons_like(rec.observation, r"^(?:remove|delete|×|✕)")
        if not buttons:
            return None
        await rec.act(ActionKind.CLICK, buttons[0].ref)
        gone = not await _still_listed(rec, product)
        if not gone:
            return None
        lines = [
            line
            for line in rec.observation.text.splitlines()
            if re.search(r"empty|no items|nothing in", line, re.I)
        ]
        shown = bool(lines) and await expect_text(rec, lines[0].strip())
        link = path_of(rec.observation.url)
        return rec.draft(
            "cart-remove",
            f"Take “{product.name}” out of the cart",
            "A product can be taken out of the cart.",
            f"“{lines[0].strip()}” is shown" if shown else f"{link} lists it no more",
        )


async def _still_listed(rec: Recorder, product: Product) -> bool:
    links = [
        node
        for node in rec.observation.nodes
        if node.role == "link" and node.name == product.name and node.landmark != "navigation"
    ]
    return bool(links) and bool(total_lines(rec.observation))
