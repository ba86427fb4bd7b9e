"""What a visitor of the sample shop knows and does, shared by its tests."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import httpx

Visit = Callable[..., Awaitable[httpx.AsyncClient]]

SHOPPER = {"email": "shopper@example.com", "password": "shopper-Pass1"}
ADMIN = {"email": "admin@example.com", "password": "admin-Pass1"}
ADDRESS = {
    "name": "Sam Shopper",
    "email": "shopper@example.com",
    "street": "1 High Street",
    "city": "Oxford",
    "postcode": "OX1 1AA",
}
CARD = {"card_name": "S Shopper", "card_number": "4242 4242 4242 4242", "cvc": "123"}


def names(page: httpx.Response) -> list[str]:
    """The names of the products on a page, in order."""
    return re.findall(r'<span class="name">([^<]+)', page.text)


def totals(page: httpx.Response) -> dict[str, str]:
    """The sums on a page by their label."""
    return dict(re.findall(r"<dt>(\w+)</dt><dd>([^<]+)</dd>", page.text))


async def fill_cart(shop: httpx.AsyncClient) -> None:
    await shop.post("/cart/items", data={"slug": "enamel-kettle", "quantity": "2"})
    await shop.post("/cart/items", data={"slug": "tea-strainer", "quantity": "1"})


async def buy(shop: httpx.AsyncClient, expiry: str = "12/40") -> httpx.Response:
    await fill_cart(shop)
    await shop.post("/checkout/address", data=ADDRESS)
    await shop.post("/checkout/delivery", data={"delivery": "express"})
    await shop.post("/checkout/payment", data=CARD | {"expiry": expiry})
    return await shop.post("/checkout/review")
