"""Signing in and up, and what a customer sees of themselves."""

from __future__ import annotations

from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from assay_shop.faults import Fault
from assay_shop.forms import profile_errors, sign_in_errors, sign_up_errors
from assay_shop.shop import broken, flash, posted, render, safe_path, see, shop_of, visitor
from assay_shop.store import User


def _sign_in_first(request: Request) -> Response:
    flash(request, "Sign in to see this page.")
    return see(f"/sign-in?next={quote(request.url.path)}")


async def sign_in_form(request: Request) -> Response:
    """The sign-in page."""
    values = {"next": safe_path(request.query_params.get("next", ""))}
    return render(request, "sign_in.html", {"values": values})


async def sign_in(request: Request) -> Response:
    """Signs a customer in and goes on to where they wanted to be."""
    values = await posted(request)
    lenient = broken(request, Fault.VALIDATION_MISSING)
    errors = {} if lenient else sign_in_errors(values)
    user = None
    if not errors:
        email, password = values.get("email", "").strip(), values.get("password", "")
        user = shop_of(request).store.sign_in(email, password)
        if user is None and not lenient:
            errors = {"form": "The email address or the password is not right."}
    if user is None:
        return render(request, "sign_in.html", {"values": values, "errors": errors}, 400)
    request.session["user"] = user.id
    flash(request, f"Welcome back, {user.name}.")
    if broken(request, Fault.WRONG_REDIRECT):
        return see("/")
    return see(safe_path(values.get("next", "")) or "/account")


async def sign_out(request: Request) -> Response:
    """Signs the customer out; the cart goes with them."""
    request.session.clear()
    flash(request, "You are signed out.")
    return see("/")


async def sign_up_form(request: Request) -> Response:
    """The sign-up page."""
    return render(request, "sign_up.html")


async def sign_up(request: Request) -> Response:
    """Makes a new customer and signs them in."""
    values = await posted(request)
    store = shop_of(request).store
    errors = {} if broken(request, Fault.VALIDATION_MISSING) else sign_up_errors(values)
    email = values.get("email", "").strip()
    if not errors and store.email_taken(email):
        errors["email"] = "There is already an account with this email address."
    if errors:
        return render(request, "sign_up.html", {"values": values, "errors": errors}, 400)
    request.session["user"] = store.sign_up(
        email,
        values.get("password", ""),
        values.get("name", "").strip(),
        "newsletter" in values,
    )
    flash(request, "Your account was created.")
    return see("/account")


async def account(request: Request) -> Response:
    """The customer's own page, with the newest orders."""
    user = visitor(request)
    if user is None:
        return _sign_in_first(request)
    return render(request, "account.html", {"orders": shop_of(request).store.orders(user.id)})


async def order(request: Request) -> Response:
    """One of the customer's orders."""
    user = visitor(request)
    if user is None:
        return _sign_in_first(request)
    found = shop_of(request).store.order(request.path_params["number"])
    if found is None or (found.user_id != user.id and user.role != "admin"):
        raise HTTPException(404)
    return render(request, "order.html", {"order": found})


def _profile(user: User) -> dict[str, str]:
    ticked = {"newsletter": "on"} if user.newsletter else {}
    return {"name": user.name, "phone": user.phone} | ticked


async def profile_form(request: Request) -> Response:
    """The form in which customers change what we know of them."""
    user = visitor(request)
    if user is None:
        return _sign_in_first(request)
    return render(request, "profile.html", {"values": _profile(user)})


async def profile(request: Request) -> Response:
    """Saves the profile; on a mistake what was typed stays in the form."""
    user = visitor(request)
    if user is None:
        return _sign_in_first(request)
    values = await posted(request)
    lost = broken(request, Fault.LOST_FORM_VALUE)
    errors = {} if broken(request, Fault.VALIDATION_MISSING) else profile_errors(values)
    if errors:
        kept = _profile(user) if lost else values
        return render(request, "profile.html", {"values": kept, "errors": errors}, 400)
    name = user.name if lost else values.get("name", "").strip()
    shop_of(request).store.save_profile(
        user.id, name, values.get("phone", "").strip(), "newsletter" in values
    )
    flash(request, "Your profile was saved.")
    return see("/account/profile")


routes = [
    Route("/sign-in", sign_in_form),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/sign-up", sign_up_form),
    Route("/sign-up", sign_up, methods=["POST"]),
    Route("/account", account),
    Route("/account/profile", profile_form),
    Route("/account/profile", profile, methods=["POST"]),
    Route("/orders/{number}", order),
]
