"""Amounts on a page: reading, writing and finding the total; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assay.atlas.focus import MONEY
from assay.browser.model import Node, Observation

_DIGITS = re.compile(r"\d[\d.,]*")
_TOTAL = re.compile(r"\btotal\b", re.IGNORECASE)
_PART = re.compile(r"\b(?:sub-?\s?total|excl|before|items?:)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount as it is written: its value, and the sign and marks around it."""

    value: Decimal
    written: str

    def as_written(self, value: Decimal) -> str:
        """Another value in the same writing."""
        match = _DIGITS.search(self.written)
        digits = match.group() if match else self.written
        comma = re.search(r",\d{2}$", digits) is not None
        places = 2 if re.search(r"[.,]\d{2}$", digits) else 0
        plain = f"{value:,.{places}f}"
        if comma:
            plain = plain.replace(",", "\x00").replace(".", ",").replace("\x00", ".")
        elif "," not in digits and value < 10000 and not re.search(r"\d,\d{3}", self.written):
            plain = plain if value >= 1000 else plain.replace(",", "")
        return self.written.replace(digits, plain, 1)


def parse(text: str) -> Amount | None:
    """The first amount of money in a text."""
    found = MONEY.search(text)
    if found is None:
        return None
    written = found.group().strip().rstrip(".,")
    match = _DIGITS.search(written)
    digits = (match.group() if match else "").rstrip(".,")
    if re.search(r",\d{2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    else:
        digits = digits.replace(",", "")
    try:
        return Amount(Decimal(digits), written)
    except InvalidOperation:
        return None


@dataclass(frozen=True, slots=True)
class TotalLine:
    """A line that says what a total is: its node, its words and its amount."""

    node: Node
    label: str
    amount: Amount


def total_lines(observation: Observation) -> list[TotalLine]:
    """The smallest nodes that say “total” with one amount, grand totals first."""
    found: list[TotalLine] = []
    for node in observation.nodes:
        text = node.text or node.name
        if not _TOTAL.search(text) or len(text) > 90 or len(MONEY.findall(text)) != 1:
            continue
        amount = parse(text)
        if amount is None:
            continue
        label = MONEY.sub("", text).strip(" :")
        found = [item for item in found if item.node.ref != node.parent]
        found.append(TotalLine(node, label, amount))
    found.sort(key=lambda item: (bool(_PART.search(item.label)), len(item.label)))
    return found


def price_near_heading(observation: Observation, heading: str) -> Amount | None:
    """The first amount after a heading in reading order: the price of what the page is about."""
    lines = observation.text.splitlines()
    start = next((index for index, line in enumerate(lines) if line.strip() == heading), 0)
    for line in lines[start : start + 25]:
        amount = parse(line)
        if amount is not None and amount.value > 0:
            return amount
    return None
