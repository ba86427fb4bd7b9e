"""What every page shares: the shop's parts, the visitor, the cart, money and rendering."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.templating import Jinja2Templates

from assay_shop.catalogue import CATEGORIES
from assay_shop.faults import Fault
from assay_shop.store import Line, Store, User


class Delivery(NamedTuple):
    """One way to have an order delivered; the price is in cents."""

    key: str
    label: str
    price: int
    free_from: int | None


DELIVERIES = (
    Delivery("standard", "Standard (3 to 5 days)", 490, 10000),
    Delivery("express", "Express (next day)", 990, None),
    Delivery("pickup", "Pick up in the shop", 0, None),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The parts that every request needs."""

    store: Store
    faults: frozenset[Fault]
    templates: Jinja2Templates
    cookie_banner: bool = False


@dataclass(frozen=True, slots=True)
class Sum:
    """What an order comes to, in cents."""

    subtotal: int
    shipping: int
    total: int


def shop_of(request: Request) -> Shop:
    """The shop that serves this request."""
    return cast(Shop, request.app.state.shop)


def broken(request: Request, fault: Fault) -> bool:
    """Whether that fault is planted."""
    return fault in shop_of(request).faults


def visitor(request: Request) -> User | None:
    """Who is signed in."""
    user_id = request.session.get("user")
    return shop_of(request).store.user(user_id) if isinstance(user_id, int) else None


def money(amount: int) -> str:
    """Cents as the shop prints them."""
    return f"${amount // 100:,}.{amount % 100:02}"


def cart(request: Request) -> dict[str, int]:
    """Quantities by slug; the caller may change it."""
    found = request.session.setdefault("cart", {})
    return cast("dict[str, int]", found)


def cart_lines(request: Request) -> list[Line]:
    """What is in the cart, without products that are gone."""
    store = shop_of(request).store
    pairs = [(store.product(slug), count) for slug, count in cart(request).items()]
    return [Line(p.slug, p.name, p.price, count) for p, count in pairs if p]


def sum_up(request: Request, lines: list[Line], delivery: str = "standard") -> Sum:
    """Subtotal, shipping and total of some lines."""
    chosen = next((d for d in DELIVERIES if d.key == delivery), DELIVERIES[0])
    subtotal = sum(line.total for line in lines)
    free = chosen.free_from is not None and subtotal >= chosen.free_from
    shipping = 0 if free else chosen.price
    counted = lines[:-1] if broken(request, Fault.WRONG_TOTAL) else lines
    return Sum(subtotal, shipping, sum(line.total for line in counted) + shipping)


def flash(request: Request, text: str) -> None:
    """Something to say on the next page."""
    request.session["flash"] = text


def see(path: str) -> Response:
    """Sends the browser on after a form."""
    return RedirectResponse(path, status_code=303)


def safe_path(path: str) -> str:
    """A path of this site to go on to, or "" where the given one leads elsewhere."""
    inside = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if inside and "\\" not in path else ""


async def posted(request: Request) -> dict[str, str]:
    """The text fields of a sent form."""
    async with request.form() as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


def render(
    request: Request, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> Response:
    """A page with what every page shows: who is signed in, the cart's count, the news."""
    shop = shop_of(request)
    shared = {
        "user": visitor(request),
        "cart_count": sum(line.quantity for line in cart_lines(request)),
        "flash": request.session.pop("flash", ""),
        "faults": {fault.value for fault in shop.faults},
        "cookie_banner": shop.cookie_banner and "cookies_ok" not in request.cookies,
        "all_categories": CATEGORIES,
        "errors": {},
        "values": {},
    }
    return shop.templates.TemplateResponse(
        request, template, shared | dict(context or {}), status_code=status
    )
