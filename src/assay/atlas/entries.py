"""What exploring enters into a field: harmless values that fit its meaning and constraints; pure.

Tests that are written get their data elsewhere; this is only for seeing what a form leads to.
"""

from __future__ import annotations

import re

from assay.atlas.fields import meaning
from assay.atlas.patterns import example, matches
from assay.browser.model import Node, Option, Upload

_PLACEHOLDER = re.compile(r"^(?:[-–—\s.]*|[-\s]*(?:please )?(?:select|choose|pick)\b.*)$", re.I)
_BY_TYPE = {
    "date": "2025-01-15",
    "time": "10:30",
    "datetime-local": "2025-01-15T10:30",
    "month": "2025-03",
    "week": "2025-W10",
    "color": "#3366ff",
    "email": "someone@example.com",
    "url": "https://example.com/",
    "tel": "+442079460018",
}
_BY_MEANING = {
    "email": "someone@example.com",
    "url": "https://example.com/",
    "phone": "+442079460018",
    "postcode": "SW1A 1AA",
    "city": "London",
    "country": "United Kingdom",
    "first_name": "Alex",
    "last_name": "Morgan",
    "full_name": "Alex Morgan",
    "date": "2025-01-15",
    "quantity": "2",
    "price": "10",
    "number": "5",
    "rating": "5",
}
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360"
    "000002000001e221bc330000000049454e44ae426082"
)
_FILES = (
    ("csv", Upload("table.csv", "text/csv", b"name,value\none,1\ntwo,2\n")),
    ("json", Upload("data.json", "application/json", b'{"name": "one"}')),
    ("png|image", Upload("picture.png", "image/png", _PIXEL)),
    ("pdf", Upload("page.pdf", "application/pdf", b"%PDF-1.4\n%%EOF\n")),
)
_TEXT = Upload("words.txt", "text/plain", b"Some words.\n")


def entry(node: Node, term: str = "test") -> str:
    """A value for a text field, number or date; ``term`` where any word does."""
    value = _BY_TYPE.get(node.input_type) or _BY_MEANING.get(meaning(node)) or term
    if node.input_type in {"number", "range"} or node.role in {"spinbutton", "slider"}:
        value = _number(node)
    if node.input_type == "date":
        low, high = node.constraints.get("min", ""), node.constraints.get("max", "")
        value = low if low > value else high if high and high < value else value
    pattern = node.constraints.get("pattern", "")
    if pattern and not matches(pattern, value):
        value = example(pattern) or value
    return _sized(node, value)


def _number(node: Node) -> str:
    low, high = _float(node, "min"), _float(node, "max")
    step = _float(node, "step") or 1.0
    base = low if low is not None else 0.0
    wanted = base + step
    if high is not None and wanted > high:
        wanted = base
    return str(int(wanted)) if wanted == int(wanted) else str(wanted)


def _float(node: Node, name: str) -> float | None:
    try:
        return float(node.constraints[name])
    except (KeyError, ValueError):
        return None


def _sized(node: Node, value: str) -> str:
    longest, shortest = _float(node, "maxlength"), _float(node, "minlength")
    if shortest is not None and len(value) < shortest:
        value += " more words" * (int(shortest - len(value)) // 11 + 1)
    if longest is not None and 0 < longest < len(value):
        value = value[: int(longest)]
    return value


def options_of(node: Node) -> list[Option]:
    """The options of a list box that can be chosen and are not chosen, without the empty one."""
    return [
        one
        for one in node.options
        if not one.disabled
        and not one.selected
        and one.value != ""
        and not _PLACEHOLDER.match(one.label)
    ]


def ends_of(node: Node) -> tuple[str, str]:
    """The largest and the smallest number of a slider."""
    low, high = _float(node, "min"), _float(node, "max")
    return str(int(100 if high is None else high)), str(int(0 if low is None else low))


def file_for(node: Node) -> Upload:
    """A small file of a kind that an upload field takes."""
    wanted = node.constraints.get("accept", "").lower()
    return next((file for kind, file in _FILES if re.search(kind, wanted)), _TEXT)
