"""A zoo of small pages, one odd control each, and the server that shows them."""

from __future__ import annotations

from bench.zoo import clicks, forms, gestures, links, traps

EXHIBITS = (*links.EXHIBITS, *clicks.EXHIBITS, *gestures.EXHIBITS, *forms.EXHIBITS)
TRAPS = traps.EXHIBITS
