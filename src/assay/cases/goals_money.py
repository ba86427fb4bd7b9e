"""Amounts on a page: reading, writing and finding the total; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from assay.atlas.focus import MONEY
from assay.browser.model import Node, Observation

_DIGITS = re.compile(r"\d[\d.,]*")
_TOTAL = re.compile(r"\b(?:sub-?\s?)?total\b", re.IGNORECASE)
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
    """What a total is said to be: its words and its amount; ``sums`` tells how it adds up."""

    label: str
    amount: Amount
    sums: str = ""

    @property
    def text(self) -> str:
        """The words and the amount as the page shows them."""
        return f"{self.label} {self.amount.written}"


def total_lines(observation: Observation) -> list[TotalLine]:
    """Every “total” with its amount, in one element or in two neighbours, grand totals first."""
    found: dict[str, TotalLine] = {}
    following: dict[str, list[Node]] = {}
    for node in observation.nodes:
        following.setdefault(node.parent or "", []).append(node)
    for node in observation.nodes:
        text = node.text or ""
        if not _TOTAL.search(text) or len(text) > 90:
            continue
        amounts = MONEY.findall(text)
        line = None
        if len(amounts) == 1 and text.find(amounts[0]) > 0:
            line = _line(text, _around(observation, node))
        elif not amounts and len(text) < 40:
            siblings = following[node.parent or ""]
            after = siblings[siblings.index(node) + 1 :][:1]
            if after and MONEY.fullmatch(after[0].text.strip()):
                line = _line(f"{text} {after[0].text}", _around(observation, node))
        if line is not None:
            shorter = [key for key in found if line.text.endswith(key)]
            if not shorter:
                found = {key: item for key, item in found.items() if not key.endswith(line.text)}
                found[line.text] = line
    return sorted(found.values(), key=lambda item: (bool(_PART.search(item.label)), item.label))


def _line(text: str, around: str) -> TotalLine | None:
    amount = parse(text)
    label = MONEY.sub("", text).strip()
    if amount is None or not label:
        return None
    return TotalLine(label, amount, _addition(amount, around))


def _around(observation: Observation, node: Node) -> str:
    """The text of the block that a total stands in."""
    by_ref = {item.ref: item for item in observation.nodes}
    current = node
    for _ in range(3):
        if current.parent is None or current.parent not in by_ref:
            break
        current = by_ref[current.parent]
        if len(MONEY.findall(current.text)) >= 3:
            break
    return current.text


def _addition(total: Amount, around: str) -> str:
    """“$39.50 + $4.90” when the amounts before a total add up to it."""
    amounts = [item for item in map(parse, MONEY.findall(around)) if item is not None]
    written = [item.written for item in amounts]
    if total.written not in written:
        return ""
    parts = amounts[: len(written) - 1 - written[::-1].index(total.written)][-3:]
    if len(parts) >= 2 and sum(item.value for item in parts) == total.value:
        return " + ".join(item.written for item in parts)
    return ""


def price_near_heading(observation: Observation, heading: str) -> Amount | None:
    """The first amount after a heading in reading order: the price of what the page is about."""
    lines = observation.text.splitlines()
    start = next((index for index, line in enumerate(lines) if line.strip() == heading), 0)
    for line in lines[start : start + 25]:
        amount = parse(line)
        if amount is not None and amount.value > 0:
            return amount
    return None
