"""The checkout in steps: address, delivery, payment, review, and the placed order."""

from __future__ import annotations

from typing import cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assay_shop.faults import Fault
from assay_shop.forms import Errors, address_errors, payment_errors
from assay_shop.shop import (
    DELIVERIES,
    broken,
    cart_lines,
    flash,
    posted,
    render,
    see,
    shop_of,
    sum_up,
    visitor,
)
from assay_shop.store import Order

STEPS = ("address", "delivery", "payment", "review")
ADDRESS = ("name", "email", "street", "city", "postcode")


def _state(request: Request) -> dict[str, str]:
    return cast("dict[str, str]", request.session.setdefault("checkout", {}))


def _reached(state: dict[str, str]) -> str:
    """The first step that has not been done."""
    done = {"address": "street", "delivery": "delivery", "payment": "card"}
    return next((step for step, key in done.items() if key not in state), "review")


def _step(
    request: Request, step: str, values: dict[str, str], errors: Errors | None = None
) -> Response:
    lines, state = cart_lines(request), _state(request)
    context = {
        "step": step,
        "steps": STEPS,
        "lines": lines,
        "sum": sum_up(request, lines, state.get("delivery", "standard")),
        "deliveries": DELIVERIES,
        "state": state,
        "values": values,
        "errors": errors or {},
    }
    return render(request, f"checkout_{step}.html", context, 400 if errors else 200)


async def start(request: Request) -> Response:
    """Goes to the first step that is open."""
    return see(f"/checkout/{_reached(_state(request))}")


async def show(request: Request) -> Response:
    """One step's form; steps cannot be skipped."""
    step, state = request.path_params["step"], _state(request)
    if step not in STEPS:
        raise HTTPException(404)
    if not cart_lines(request):
        flash(request, "Your cart is empty.")
        return see("/cart")
    reached = _reached(state)
    if STEPS.index(step) > STEPS.index(reached):
        return see(f"/checkout/{reached}")
    values = dict(state)
    user = visitor(request)
    if step == "address" and user and "street" not in state:
        values = {"name": user.name, "email": user.email}
    return _step(request, step, values)


async def send_address(request: Request) -> Response:
    """Takes the address."""
    values = await posted(request)
    errors = {} if broken(request, Fault.VALIDATION_MISSING) else address_errors(values)
    if errors:
        return _step(request, "address", values, errors)
    kept = {name: values.get(name, "").strip() for name in ADDRESS}
    if broken(request, Fault.LOST_FORM_VALUE):
        kept["city"] = ""
    _state(request).update(kept)
    return see("/checkout/delivery")


async def send_delivery(request: Request) -> Response:
    """Takes the way of delivery."""
    values = await posted(request)
    if values.get("delivery") not in {d.key for d in DELIVERIES}:
        return _step(request, "delivery", values, {"delivery": "Choose a way of delivery."})
    _state(request)["delivery"] = values["delivery"]
    return see("/checkout/payment")


async def send_payment(request: Request) -> Response:
    """Takes the card; only its last four digits are kept."""
    values = await posted(request)
    errors = {} if broken(request, Fault.VALIDATION_MISSING) else payment_errors(values)
    if errors:
        return _step(request, "payment", values, errors)
    _state(request)["card"] = values.get("card_number", "").strip()[-4:]
    return see("/checkout/review")


async def place_order(request: Request) -> Response:
    """Turns the cart into an order."""
    lines, state = cart_lines(request), _state(request)
    if not lines or _reached(state) != "review":
        return see("/checkout")
    if broken(request, Fault.SERVER_ERROR):
        return render(request, "error.html", status=500)
    user = visitor(request)
    money = sum_up(request, lines, state["delivery"])
    number = shop_of(request).store.place_order(
        Order(
            number="",
            user_id=user.id if user else None,
            email=state["email"],
            created="",
            status="Paid",
            address={name: state[name] for name in ADDRESS},
            delivery=next(d.label for d in DELIVERIES if d.key == state["delivery"]),
            card=state["card"],
            lines=tuple(lines),
            subtotal=money.subtotal,
            shipping=money.shipping,
            total=money.total,
        )
    )
    request.session.pop("cart", None)
    request.session.pop("checkout", None)
    request.session["orders"] = [number, *request.session.get("orders", [])][:5]
    return see(f"/orders/{number}/thanks")


async def thanks(request: Request) -> Response:
    """What the buyer sees after placing an order."""
    number = request.path_params["number"]
    order = shop_of(request).store.order(number)
    if order is None or number not in request.session.get("orders", []):
        raise HTTPException(404)
    return render(request, "thanks.html", {"order": order})


routes = [
    Route("/checkout", start),
    Route("/checkout/address", send_address, methods=["POST"]),
    Route("/checkout/delivery", send_delivery, methods=["POST"]),
    Route("/checkout/payment", send_payment, methods=["POST"]),
    Route("/checkout/review", place_order, methods=["POST"]),
    Route("/checkout/{step}", show),
    Route("/orders/{number}/thanks", thanks),
]
