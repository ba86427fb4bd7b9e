"""What the shop's forms insist on. Each check gives messages by field, none if all is well."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

Values = Mapping[str, str]
Errors = dict[str, str]

DECLINED_CARD = "4000000000000002"
TEST_CARD = "4242424242424242"
TOPICS = ("An order", "A product", "Something else")
MAX_QUANTITY = 10

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[0-9 ()/-]{6,20}")


def required(values: Values, fields: Mapping[str, str]) -> Errors:
    """A message for each empty field; `fields` gives the words after "Enter"."""
    return {
        name: f"Enter {words}."
        for name, words in fields.items()
        if not values.get(name, "").strip()
    }


def email_error(values: Values) -> Errors:
    """The message for an address that is missing or is none."""
    email = values.get("email", "").strip()
    if not email:
        return {"email": "Enter your email address."}
    if not _EMAIL.fullmatch(email):
        return {"email": "Enter a valid email address, such as name@example.com."}
    return {}


def sign_in_errors(values: Values) -> Errors:
    """Messages for the sign-in form, before anybody is looked up."""
    return email_error(values) | required(values, {"password": "your password"})


def sign_up_errors(values: Values) -> Errors:
    """Messages for the sign-up form."""
    errors = required(values, {"name": "your full name"}) | email_error(values)
    password = values.get("password", "")
    if not password:
        errors["password"] = "Enter a password."
    elif len(password) < 8:
        errors["password"] = "Use at least 8 characters for your password."
    elif password != values.get("password_again", ""):
        errors["password_again"] = "The two passwords are not the same."
    if not values.get("terms"):
        errors["terms"] = "Agree to the terms to create an account."
    return errors


def profile_errors(values: Values) -> Errors:
    """Messages for the profile form."""
    errors = required(values, {"name": "your full name"})
    phone = values.get("phone", "").strip()
    if phone and not _PHONE.fullmatch(phone):
        errors["phone"] = "Enter a phone number with digits only, such as +44 20 7946 0000."
    return errors


def address_errors(values: Values) -> Errors:
    """Messages for the first step of the checkout."""
    errors = email_error(values) | required(
        values,
        {"name": "your full name", "street": "your street and number", "city": "your city"},
    )
    postcode = values.get("postcode", "").strip()
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 -]{2,9}", postcode):
        errors["postcode"] = "Enter a postcode of 3 to 10 letters or digits."
    return errors


def payment_errors(values: Values) -> Errors:
    """Messages for the payment step; one card is always declined."""
    errors = required(values, {"card_name": "the name on the card"})
    number = re.sub(r"[ -]", "", values.get("card_number", ""))
    if not re.fullmatch(r"\d{16}", number):
        errors["card_number"] = "Enter the 16 digits of your card number."
    elif number == DECLINED_CARD:
        errors["card_number"] = "Your card was declined. Try another card."
    elif not _luhn(number):
        errors["card_number"] = "This card number is not valid."
    if not _in_future(values.get("expiry", "")):
        errors["expiry"] = "Enter a date in the future as MM/YY."
    if not re.fullmatch(r"\d{3}", values.get("cvc", "").strip()):
        errors["cvc"] = "Enter the 3 digits on the back of your card."
    return errors


def contact_errors(values: Values) -> Errors:
    """Messages for the contact form."""
    errors = required(values, {"name": "your name"}) | email_error(values)
    if values.get("topic") not in TOPICS:
        errors["topic"] = "Choose what it is about."
    if len(values.get("message", "").strip()) < 10:
        errors["message"] = "Write a message of at least 10 characters."
    return errors


def product_errors(values: Values) -> Errors:
    """Messages for the administrator's product form."""
    errors = required(values, {"name": "a name", "category": "a category"})
    price = cents(values.get("price", ""))
    if price is None or price <= 0:
        errors["price"] = "Enter a price above 0, such as 12.50."
    if not re.fullmatch(r"\d{1,5}", values.get("stock", "").strip()):
        errors["stock"] = "Enter the stock as a whole number."
    return errors


def cents(text: str) -> int | None:
    """An amount of money as typed, in cents; None if it is none."""
    text = text.strip().replace(",", ".").lstrip("$")
    if not re.fullmatch(r"\d{1,6}(\.\d{1,2})?", text):
        return None
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0") or 0)


def quantity(text: str) -> int | None:
    """A quantity as typed, from 0 to the most that may be bought; None if it is none."""
    text = text.strip()
    return int(text) if re.fullmatch(r"\d{1,3}", text) and int(text) <= MAX_QUANTITY else None


def _luhn(number: str) -> bool:
    digits = [int(d) for d in reversed(number)]
    doubled = (sum(divmod(2 * d, 10)) for d in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _in_future(expiry: str) -> bool:
    match = re.fullmatch(r"\s*(0[1-9]|1[0-2])\s*/\s*(\d{2})\s*", expiry)
    if not match:
        return False
    now = datetime.now(UTC)
    return (2000 + int(match[2]), int(match[1])) >= (now.year, now.month)
