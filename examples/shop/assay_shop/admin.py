"""The administrators' area: products and orders, behind a role."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assay_shop.faults import Fault
from assay_shop.forms import Errors, Values, cents, product_errors
from assay_shop.shop import broken, flash, posted, render, see, shop_of, visitor
from assay_shop.store import Product, Store

STATUSES = ("Paid", "Packed", "Sent", "Cancelled")
Page = Callable[[Request], Awaitable[Response]]


def admins_only(page: Page) -> Page:
    """Sends others away: visitors to the sign-in page, customers to a refusal."""

    async def guarded(request: Request) -> Response:
        user = visitor(request)
        if user is None:
            return see(f"/sign-in?next={quote(request.url.path)}")
        if user.role != "admin":
            return render(request, "refused.html", status=403)
        return await page(request)

    return guarded


@admins_only
async def products(request: Request) -> Response:
    """The list of products."""
    return render(request, "admin/products.html", {"products": shop_of(request).store.products()})


def _found(request: Request) -> Product | None:
    slug = request.path_params.get("slug")
    product = shop_of(request).store.product(slug) if slug else None
    if slug and product is None:
        raise HTTPException(404)
    return product


@admins_only
async def product_form(request: Request) -> Response:
    """The form for a product, new or known."""
    product = _found(request)
    values = {"stock": "0"}
    if product:
        values = {
            "name": product.name,
            "category": product.category,
            "price": f"{product.price / 100:.2f}",
            "stock": str(product.stock),
            "description": product.description,
        }
    return render(request, "admin/product.html", {"product": product, "values": values})


@admins_only
async def save_product(request: Request) -> Response:
    """Saves a product; what was typed stays in the form on a mistake."""
    product, values = _found(request), await posted(request)
    errors: Errors = {} if broken(request, Fault.VALIDATION_MISSING) else product_errors(values)
    if errors:
        context = {"product": product, "values": values, "errors": errors}
        return render(request, "admin/product.html", context, 400)
    store = shop_of(request).store
    saved = _product(values, product, store)
    store.save_product(saved)
    flash(request, f"{saved.name} was saved.")
    return see("/admin/products")


def _product(values: Values, known: Product | None, store: Store) -> Product:
    name = values.get("name", "").strip()
    stock = values.get("stock", "").strip()
    return Product(
        id=known.id if known else 0,
        slug=known.slug if known else _slug(name, store),
        name=name,
        category=values.get("category", "").strip(),
        price=cents(values.get("price", "")) or 0,
        stock=int(stock) if stock.isascii() and stock.isdigit() else 0,
        description=values.get("description", "").strip(),
    )


def _slug(name: str, store: Store) -> str:
    """A slug that no other product has."""
    base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "product"
    slug, number = base, 1
    while store.product(slug):
        number += 1
        slug = f"{base}-{number}"
    return slug


@admins_only
async def delete_product(request: Request) -> Response:
    """Takes a product out of the catalogue; the page asks first."""
    product = _found(request)
    if product:
        shop_of(request).store.delete_product(product.slug)
        flash(request, f"{product.name} was deleted.")
    return see("/admin/products")


@admins_only
async def orders(request: Request) -> Response:
    """The newest orders of everybody."""
    found = shop_of(request).store.orders()
    return render(request, "admin/orders.html", {"orders": found, "statuses": STATUSES})


@admins_only
async def set_status(request: Request) -> Response:
    """Moves an order on."""
    values, number = await posted(request), request.path_params["number"]
    status = values.get("status", "")
    if status in STATUSES and shop_of(request).store.order(number):
        shop_of(request).store.set_status(number, status)
        flash(request, f"Order {number} is now {status}.")
    return see("/admin/orders")


routes = [
    Route("/admin", products),
    Route("/admin/products", products),
    Route("/admin/products/new", product_form),
    Route("/admin/products/new", save_product, methods=["POST"]),
    Route("/admin/products/{slug}", product_form),
    Route("/admin/products/{slug}", save_product, methods=["POST"]),
    Route("/admin/products/{slug}/delete", delete_product, methods=["POST"]),
    Route("/admin/orders", orders),
    Route("/admin/orders/{number}", set_status, methods=["POST"]),
]
