"""Data that fits a field: by its label and names, its type and its constraints. Pure."""

from __future__ import annotations

import re

from assay.atlas.patterns import example, matches
from assay.browser.model import Node
from assay.cases.words import canonical, fold, plain

_PLACEHOLDER = re.compile(
    r"^(?:[-–—\s.]*|[-\s]*(?:please )?(?:select|choose|pick)\b.*|[-\s].*[-]|none|n/a|any|all)$",
    re.I,
)
_POSTCODES = {
    "united kingdom": "SW1A 1AA",
    "united states": "94103",
    "germany": "10115",
    "france": "75001",
    "norway": "0150",
    "sweden": "111 22",
    "denmark": "1050",
    "spain": "28001",
    "italy": "00118",
    "netherlands": "1012 AB",
    "canada": "K1A 0B1",
    "australia": "2000",
    "ireland": "D02 AF30",
    "india": "110001",
    "japan": "100-0001",
    "switzerland": "8001",
    "austria": "1010",
    "poland": "00-001",
    "belgium": "1000",
    "finland": "00100",
}
_CITIES = {
    "united kingdom": "London",
    "united states": "San Francisco",
    "germany": "Berlin",
    "france": "Paris",
    "norway": "Oslo",
    "sweden": "Stockholm",
    "denmark": "Copenhagen",
    "spain": "Madrid",
    "italy": "Rome",
    "netherlands": "Amsterdam",
    "canada": "Ottawa",
    "australia": "Sydney",
}
_COUNTRY_ALIASES = {
    "uk": "united kingdom",
    "gb": "united kingdom",
    "great britain": "united kingdom",
    "us": "united states",
    "usa": "united states",
    "united states of america": "united states",
}
_STATES = {"united states": "California", "canada": "Ontario", "australia": "New South Wales"}
_AUTOCOMPLETE = {
    "given-name": "firstname",
    "family-name": "lastname",
    "name": "fullname",
    "tel": "phone",
    "address-line1": "address1",
    "street-address": "address1",
    "address-line2": "address2",
    "address-level2": "city",
    "address-level1": "state",
    "postal-code": "postcode",
    "country": "country",
    "country-name": "country",
    "cc-number": "card",
    "cc-csc": "cvc",
    "cc-exp": "expiry",
    "cc-name": "fullname",
    "organization": "organisation",
    "email": "email",
    "username": "username",
    "new-password": "password",
    "current-password": "password",
    "bday": "dob",
    "url": "url",
    "one-time-code": "otp",
}
# The first row with a matching word decides; more telling words come first.
_MEANINGS: tuple[tuple[str, str], ...] = (
    ("email", "email"),
    ("username", "username|nickname|handle"),
    ("password", "password|pin code"),
    ("firstname", "firstname|fname|forename"),
    ("lastname", "lastname|lname"),
    ("card", "card number|cardnumber|credit card|ccnumber"),
    ("cvc", "cvc|cvv|csc|security code"),
    ("expiry", "expiry|expiration|exp date|valid until|expire"),
    ("postcode", "postcode|postal"),
    ("phone", "phone"),
    ("address2", "address2|apartment|suite|flat|second line|third line|line 3|line 4"),
    ("address1", "address1|address"),
    ("city", "city"),
    ("state", "state|region|province|county"),
    ("country", "country|nation"),
    ("dob", "dob|born"),
    ("url", "url|website|link|homepage|web site"),
    ("quantity", "quantity|number of items|pieces"),
    ("price", "price|cost|amount|fee|salary|budget|rate"),
    ("age", "age"),
    ("year", "year"),
    ("percent", "percent|percentage"),
    ("colour", "colour"),
    ("datetime", "datetime|date time"),
    ("start", "start date|checkin|arrival|departure|due|deadline"),
    ("end", "end date|checkout date|return date|until"),
    ("time", "time"),
    ("date", "date|pub date|published"),
    ("organisation", "organisation|company|employer"),
    ("fullname", "fullname|recipient|contact name|cardholder"),
    ("slug", "slug"),
    ("code", "code|sku|upc|isbn|reference|ref"),
    ("search", "search|query"),
    ("message", "message|desc|body|content|note|bio|about|review|feedback|instruction|detail"),
    ("title", "title|subject|headline|summary|topic"),
    ("name", "name"),
    ("number", "number|count|position|order|weight|size"),
)
_NUMERIC = frozenset({"quantity", "price", "age", "year", "percent", "number"})
_RULES = tuple(
    (meaning, tuple(canonical(word) for word in words.split("|"))) for meaning, words in _MEANINGS
)


def meaning_of(node: Node) -> str:
    """What a field is for, as one word: email, firstname, postcode, title, … or ``text``."""
    auto = node.constraints.get("autocomplete", "").split()
    for word in reversed(auto):
        if word in _AUTOCOMPLETE:
            return _AUTOCOMPLETE[word]
    kind = node.input_type
    typed = {
        "email": "email",
        "password": "password",
        "tel": "phone",
        "url": "url",
        "color": "colour",
        "time": "time",
        "datetime-local": "datetime",
        "month": "month",
        "week": "week",
        "search": "search",
    }
    if kind in typed:
        return typed[kind]
    numeric = kind in ("number", "range") or node.role in ("spinbutton", "slider")
    named = node.label or node.name
    caption = node.near if not named and node.near.endswith(":") else ""
    for text in (named, caption, node.placeholder, node.dom_name, node.dom_id, node.near):
        words = canonical(text) if text else ()
        for meaning, wanted in _RULES:
            if any(_has(words, one) for one in wanted):
                if numeric and meaning not in _NUMERIC:
                    continue
                return (
                    "date" if kind == "date" and meaning not in ("dob", "start", "end") else meaning
                )
    if numeric:
        return "number"
    return "date" if kind == "date" else "text"


def _has(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    size = len(wanted)
    return any(words[at : at + size] == wanted for at in range(len(words) - size + 1))


def generate(node: Node, purpose: str = "", seed: str = "", country: str = "") -> str:
    """A template of sensible data for a field (an option's label for a list box).

    A number as ``seed`` tells several fields of one name apart. ``country`` steers addresses.
    """
    if node.input_type == "file" or node.input_type in ("checkbox", "radio"):
        return ""
    if node.options or node.tag == "select":
        return _option(node, country)
    meaning = _meant(purpose) or meaning_of(node)
    value = _value(node, meaning, _nation(country))
    if seed.isdigit() and meaning in ("text", "name", "title", "message", "code", "username"):
        value = f"{value} {seed}"
    return _fitting(node, value)


def _meant(purpose: str) -> str:
    """What a tester's word for a field means, where it is plainer than the field's own name."""
    words = canonical(purpose) if purpose else ()
    return words[0] if words in (("time",), ("date",), ("email",)) else ""


def _nation(country: str) -> str:
    low = fold(country)
    return _COUNTRY_ALIASES.get(low, low) or "united kingdom"


def _option(node: Node, country: str) -> str:
    usable = [one for one in node.options if not one.disabled]
    real = [one for one in usable if one.value != "" and not _PLACEHOLDER.match(one.label)]
    if meaning_of(node) == "country":
        for name in (_nation(country), "united kingdom", "united states"):
            for one in real:
                label = fold(one.label)
                if label.startswith(name) or _COUNTRY_ALIASES.get(label) == name:
                    return one.label
    wanted = [one for one in real if not one.selected] or real or usable
    return wanted[0].label if wanted else ""


def _value(node: Node, meaning: str, nation: str) -> str:
    if meaning in _NUMERIC:
        return _number(node, meaning)
    fixed: dict[str, str] = {
        "email": "{{email}}",
        "username": "user{{unique}}",
        "password": "{{password}}",
        "firstname": "Alex",
        "lastname": "Morgan",
        "fullname": "Alex Morgan",
        "phone": "+442079460018",
        "address1": "1 High Street",
        "address2": "Flat 2",
        "city": _CITIES.get(nation, "London"),
        "state": _STATES.get(nation, "Greater London"),
        "country": nation.title(),
        "postcode": _POSTCODES.get(nation, "SW1A 1AA"),
        "card": "4242424242424242",
        "cvc": "123",
        "expiry": "12/34",
        "url": "https://example.com/{{unique}}",
        "colour": "#3366ff",
        "organisation": "Example {{unique}}",
        "message": "Some words about {{unique}}.",
        "title": "Title {{unique}}",
        "name": "Name {{unique}}",
        "slug": "slug-{{unique}}",
        "code": "C{{unique}}",
        "otp": "123456",
        "search": "test",
    }
    if meaning in fixed:
        return fixed[meaning]
    return _moment(node, meaning) or f"{_word(node)} {{{{unique}}}}"


def _word(node: Node) -> str:
    """The label's first words, so that the value can be recognised on the page."""
    words = plain(node.label or node.name).split()[:2]
    return (
        " ".join(words).capitalize() if words and all(word.isalpha() for word in words) else "Test"
    )


def _moment(node: Node, meaning: str) -> str:
    days = {"date": "2025-01-15", "dob": "1990-05-17", "start": "2034-06-15", "end": "2034-06-20"}
    if meaning in days:
        return _day(node, days[meaning])
    if meaning == "time":
        return "10:30" if node.input_type == "time" else "10:30:00"
    return {
        "datetime": "2025-01-15T10:30" if node.input_type else "2025-01-15 10:30",
        "month": "2025-03",
        "week": "2025-W10",
    }.get(meaning, "")


def _day(node: Node, iso: str) -> str:
    """The date as the field wants it: ISO for date inputs, else as its placeholder shows."""
    year, month, day = iso.split("-")
    if node.input_type == "date":
        low, high = node.constraints.get("min", ""), node.constraints.get("max", "")
        return low if low and iso < low else high if high and iso > high else iso
    shape = f"{node.placeholder} {node.description}".lower()
    for pattern, text in (
        ("dd/mm/yyyy", f"{day}/{month}/{year}"),
        ("mm/dd/yyyy", f"{month}/{day}/{year}"),
        ("dd.mm.yyyy", f"{day}.{month}.{year}"),
        ("dd-mm-yyyy", f"{day}-{month}-{year}"),
        ("mm-dd-yyyy", f"{month}-{day}-{year}"),
    ):
        if pattern in shape:
            return text
    return iso


def _number(node: Node, meaning: str) -> str:
    wanted = {"quantity": 2.0, "age": 30.0, "year": 2025.0, "percent": 10.0, "price": 19.99}.get(
        meaning, 5.0
    )
    low, high = _float(node.constraints.get("min")), _float(node.constraints.get("max"))
    step = _float(node.constraints.get("step"))
    numeric = node.input_type in ("number", "range")
    if numeric and step is None and node.constraints.get("step") != "any":
        step = 1.0
    if step:
        base = low or 0.0
        wanted = base + round((wanted - base) / step) * step
    if low is not None and wanted < low:
        wanted = low
    if high is not None and wanted > high:
        wanted = high
    return str(int(wanted)) if wanted == int(wanted) else f"{wanted:.2f}"


def _float(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None


def _fitting(node: Node, value: str) -> str:
    """The value within the field's length and pattern."""
    pattern = node.constraints.get("pattern", "")
    if pattern and not matches(pattern, _sample(value)):
        made = example(pattern)
        if made:
            return made
    longest = _float(node.constraints.get("maxlength"))
    shortest = _float(node.constraints.get("minlength"))
    if longest is not None and 0 < longest < len(_sample(value)):
        limit = int(longest)
        return "{{unique}}" if "{{unique}}" in value and limit >= 8 else _sample(value)[:limit]
    if shortest is not None and len(_sample(value)) < shortest:
        value += " and more words" * (int(shortest - len(_sample(value))) // 15 + 1)
    return value


def _sample(value: str) -> str:
    return (
        value.replace("{{unique}}", "k7m2p9xa")
        .replace("{{email}}", "qa.k7m2p9xa@example.com")
        .replace("{{password}}", "Zq7-k7m2p9xab3-Kx4")
    )


def wrong(node: Node, seed: str = "") -> str:
    """A value that the field should refuse: a wrong password, a malformed address or number."""
    meaning = meaning_of(node)
    refused = {
        "password": "Wrong-{{unique}}-1",
        "email": "not-an-email",
        "url": "not a url",
        "postcode": "QQQ",
        "phone": "not a phone",
        "card": "1234",
        "cvc": "x",
        "expiry": "13/20",
        "username": "nobody{{unique}}",
        "date": "not a date",
        "dob": "not a date",
        "start": "not a date",
        "end": "not a date",
        "time": "25:99",
        "datetime": "not a date",
        "year": "-1",
        "quantity": "-1",
        "price": "-1",
        "age": "-1",
        "percent": "-1",
        "number": "-1",
    }
    high = _float(node.constraints.get("max"))
    if meaning in _NUMERIC and high is not None:
        return str(int(high) + 1)
    if meaning in refused:
        return refused[meaning]
    return (
        ""
        if "required" in node.states
        else "<wrong> {{unique}}" + (f" {seed}" if seed.isdigit() else "")
    )
