"""Which function carries out which move."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from assay.cases.clauses import Clause, Verb
from assay.cases.hands import Hands
from assay.cases.moves import best, dates, dragging, items, texts, waiting, widgets

Way = Callable[[Hands, Clause], Awaitable[None]]

MOVES: dict[Verb, Way] = {
    Verb.FIND: items.find,
    Verb.HANDLE: items.handle,
    Verb.EACH: items.each,
    Verb.DATE: dates.enter,
    Verb.COPY: texts.copy,
    Verb.PASTE: texts.paste,
    Verb.HIGHLIGHT: texts.highlight,
    Verb.STYLE: texts.style,
    Verb.RESIZE: dragging.resize,
    Verb.MOVE: dragging.move,
    Verb.UNTIL: waiting.until,
    Verb.COMPLETE: widgets.complete,
    Verb.COLOR: widgets.color,
    Verb.SLIDER: widgets.slide,
    Verb.MENU: widgets.menu,
    Verb.BEST: best.best,
}
