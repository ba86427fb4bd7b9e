"""The pages anybody sees: front page, catalogue, product, cart and contact."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from assay_shop.faults import Fault
from assay_shop.forms import MAX_QUANTITY, TOPICS, cents, contact_errors, quantity
from assay_shop.shop import (
    broken,
    cart,
    cart_lines,
    flash,
    money,
    posted,
    render,
    see,
    shop_of,
    sum_up,
    visitor,
)
from assay_shop.store import SORTS, Query


async def home(request: Request) -> Response:
    """The front page, with a few goods."""
    found = shop_of(request).store.search(Query(in_stock=True))
    return render(request, "home.html", {"products": found.products[:6]})


async def catalogue(request: Request) -> Response:
    """The catalogue, narrowed and sorted by the query string."""
    asked = request.query_params
    page = asked.get("page", "1")
    query = Query(
        text=asked.get("q", "").strip(),
        category=asked.get("category", ""),
        lowest=cents(asked.get("min", "")),
        highest=cents(asked.get("max", "")),
        in_stock="in_stock" in asked,
        sort=asked.get("sort", "featured"),
        page=int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1,
    )
    found = shop_of(request).store.search(query)
    links = {n: request.url.include_query_params(page=n).query for n in range(1, found.pages + 1)}
    context = {"query": query, "found": found, "sorts": SORTS, "links": links, "values": asked}
    return render(request, "catalogue.html", context)


async def product(request: Request) -> Response:
    """One product, with a quantity and a button."""
    found = shop_of(request).store.product(request.path_params["slug"])
    if found is None:
        raise HTTPException(404)
    return render(request, "product.html", {"product": found, "most": MAX_QUANTITY})


async def add_to_cart(request: Request) -> Response:
    """Puts a product into the cart; a script gets JSON, a plain form goes on to the cart."""
    values = await posted(request)
    found = shop_of(request).store.product(values.get("slug", ""))
    count = quantity(values.get("quantity", "1"))
    error = ""
    if found is None or not found.stock:
        error = "This product is sold out."
    elif not count:
        error = f"Choose a quantity from 1 to {MAX_QUANTITY}."
    else:
        items = cart(request)
        items[found.slug] = min(MAX_QUANTITY, items.get(found.slug, 0) + count)
    done = f"{found.name} was added to your cart." if found else ""
    if "application/json" in request.headers.get("accept", ""):
        total = sum(line.quantity for line in cart_lines(request))
        return JSONResponse(
            {"message": error or done, "count": total}, status_code=400 if error else 200
        )
    flash(request, error or done)
    return see("/cart")


async def show_cart(request: Request) -> Response:
    """The cart."""
    lines = cart_lines(request)
    context = {"lines": lines, "sum": sum_up(request, lines), "most": MAX_QUANTITY}
    return render(request, "cart.html", context)


async def change_cart(request: Request) -> Response:
    """Sets a line's quantity; 0 or the button Remove takes it out."""
    values = await posted(request)
    slug, items = values.get("slug", ""), cart(request)
    count = 0 if "remove" in values else quantity(values.get("quantity", ""))
    if slug not in items:
        flash(request, "That product is not in your cart.")
    elif count is None:
        flash(request, f"Choose a quantity from 1 to {MAX_QUANTITY}.")
    elif count == 0:
        del items[slug]
        flash(request, "The product was removed from your cart.")
    else:
        items[slug] = count
        flash(request, "Your cart was updated.")
    return see("/cart")


async def contact(request: Request) -> Response:
    """The contact form, with the visitor's name if we know it."""
    user = visitor(request)
    values = {"name": user.name, "email": user.email} if user else {}
    return render(request, "contact.html", {"values": values, "topics": TOPICS})


async def send_contact(request: Request) -> Response:
    """Takes a message; of an attached file only the name is kept."""
    async with request.form() as form:
        values = {name: value for name, value in form.items() if isinstance(value, str)}
        upload = form.get("attachment")
        attachment = "" if upload is None or isinstance(upload, str) else upload.filename or ""
    errors = {} if broken(request, Fault.VALIDATION_MISSING) else contact_errors(values)
    if errors:
        context = {"values": values, "errors": errors, "topics": TOPICS}
        return render(request, "contact.html", context, 400)
    if broken(request, Fault.SERVER_ERROR):
        return render(request, "error.html", status=500)
    shop_of(request).store.add_message(
        values.get("name", ""),
        values.get("email", ""),
        values.get("topic", ""),
        values.get("message", ""),
        attachment,
    )
    return render(request, "contact_sent.html", {"values": values, "attachment": attachment})


async def delivery_times(request: Request) -> Response:
    """The small page inside the frame on product pages."""
    postcode = request.query_params.get("postcode", "").strip()
    answer = ""
    if postcode:
        days = 1 + sum(postcode.encode()) % 4
        answer = f"Delivery to {postcode} takes {days} to {days + 2} days."
    return render(request, "delivery_times.html", {"postcode": postcode, "answer": answer})


async def about(request: Request) -> Response:
    """Who we are, and the terms."""
    free = money(10000)
    return render(request, "about.html", {"free": free})


routes = [
    Route("/", home),
    Route("/products", catalogue),
    Route("/products/{slug}", product),
    Route("/cart", show_cart),
    Route("/cart/items", add_to_cart, methods=["POST"]),
    Route("/cart/change", change_cart, methods=["POST"]),
    Route("/contact", contact),
    Route("/contact", send_contact, methods=["POST"]),
    Route("/delivery-times", delivery_times),
    Route("/about", about),
]
