"""Looking at a page: one pass of ``page/observe.js`` per frame, put together to an Observation."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import ElementHandle, Error, Frame, JSHandle, Page

from assay.browser.errors import PageCrashed, TargetMissing
from assay.browser.model import Box, Collection, Node, Observation, Option, Table
from assay.browser.page import script
from assay.browser.wire import Wires

NODE_LIMIT = 4000
MOST_FRAMES = 50  # pages that show themselves in frames have ever more
_KEY = "window[Symbol.for('assay')]"
_OBSERVE = (
    "(o) => { const s = " + _KEY + "; if (!s || !s.observe) return null;"
    " const view = s.observe(o); const keep = Array.prototype.toJSON;"
    " if (keep) delete Array.prototype.toJSON;"
    " try { return JSON.stringify(view); } finally { if (keep) Array.prototype.toJSON = keep; } }"
)
_PLACE = (
    "(e) => { const s = " + _KEY + "; const r = e.getBoundingClientRect();"
    " const c = getComputedStyle(e);"
    " return [s ? s.ref(e) : '', r.left + scrollX + e.clientLeft + parseFloat(c.paddingLeft || 0),"
    " r.top + scrollY + e.clientTop + parseFloat(c.paddingTop || 0),"
    " r.width > 1 && r.height > 1 && c.visibility === 'visible']; }"
)


@dataclass(slots=True)
class View:
    """An observation together with what is needed to act on its refs."""

    observation: Observation
    frames: dict[str, Frame] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)

    def frame_of(self, ref: str) -> Frame:
        """The frame whose document an element was seen in."""
        prefix = ref.partition("e")[0]
        try:
            return self.frames[prefix]
        except KeyError:
            raise TargetMissing(f"{ref} is not of the newest look at the page.") from None


@dataclass(slots=True)
class _Seen:
    frame: Frame
    data: dict[str, Any]
    prefix: str
    x: float = 0.0
    y: float = 0.0
    holder: str = ""


class Observer:
    """Makes the observations of one session; ids and document prefixes never repeat."""

    def __init__(
        self, wires: Wires, limit: int = NODE_LIMIT, attributes: Iterable[str] = ()
    ) -> None:
        self._wires = wires
        self._ids = itertools.count(1)
        self._prefixes = itertools.count(1)
        self._limit = self._most = limit
        self._attributes = sorted(attributes)

    async def observe(self, page: Page, status: int | None, *, whole: bool = False) -> View:
        """Look at every frame of the page that is shown; ``whole``: at more of a large page."""
        self._most = self._limit * 10 if whole else self._limit
        seen = await self._frames(page)
        nodes: list[Node] = []
        tables: list[Table] = []
        collections: list[Collection] = []
        texts: list[str] = []
        notices: list[str] = []
        blind: list[str] = []
        for one in seen:
            parsed = _nodes(one)
            nodes.extend(parsed)
            tables.extend(_table(table) for table in one.data["tables"])
            collections.extend(_collection(item) for item in one.data["collections"])
            if one.data["text"]:
                texts.append(one.data["text"])
            notices.extend(one.data["notices"])
            blind.extend(one.data["blind"])
        top = seen[0].data
        observation = Observation(
            id=next(self._ids),
            url=page.url,
            title=top["title"],
            nodes=tuple(nodes),
            text="\n".join(texts),
            notices=tuple(dict.fromkeys(notices)),
            tables=tuple(tables),
            collections=tuple(collections),
            viewport=(int(top["width"]), int(top["height"])),
            status=status,
            content_type=top["type"],
            blind=tuple(blind),
            omitted=sum(one.data["omitted"] for one in seen),
            signs=frozenset(sign for one in seen for sign in one.data["signs"]),
            shortcuts=tuple((keys, words) for one in seen for keys, words in one.data["shortcuts"]),
        )
        return View(
            observation,
            {one.prefix: one.frame for one in seen},
            {node.ref: node for node in nodes},
        )

    async def _frames(self, page: Page) -> list[_Seen]:
        main = await self._main(page)
        seen = [main]
        if not main.data["frames"]:
            return seen
        known = {page.main_frame: main}
        for frame in page.frames[1:MOST_FRAMES]:
            holder = known.get(frame.parent_frame) if frame.parent_frame else None
            if holder is None or frame.is_detached():
                continue
            one = await self._inner(frame, holder)
            if one is not None:
                known[frame] = one
                seen.append(one)
        if len(page.frames) > MOST_FRAMES:
            main.data["blind"].append("the other frames of a page with very many")
        return seen

    async def _main(self, page: Page) -> _Seen:
        # A navigation under way destroys the script's context; the next document is what counts.
        last = ""
        for attempt in range(6):
            try:
                return await self._look(page.main_frame)
            except Error as error:
                if page.is_closed() or "crashed" in error.message.lower():
                    raise PageCrashed(
                        "The page closed or crashed while it was looked at."
                    ) from error
                last = error.message
                await asyncio.sleep(0.05 * attempt)
                await _loaded(page)
        raise PageCrashed(f"The page could not be read: {last.splitlines()[0]}")

    async def _inner(self, frame: Frame, holder: _Seen) -> _Seen | None:
        try:
            element = await frame.frame_element()
            ref, x, y, shown = await element.evaluate(_PLACE)
            if not shown:
                return None
            one = await self._look(frame)
        except Error:
            if not frame.is_detached():  # else it went away
                holder.data["blind"].append(f"frame {frame.name or frame.url}")
            return None
        one.x, one.y, one.holder = holder.x + x, holder.y + y, ref
        return one

    async def _look(self, frame: Frame) -> _Seen:
        options = {
            "prefix": f"d{next(self._prefixes)}",
            "limit": self._most,
            "attributes": self._attributes,
        }
        call = f"({_OBSERVE})({json.dumps(options)})"
        text = await self._evaluate(frame, call)
        if text is None:
            scripts = script("watch", "editor", "names", "observe", "finish")
            text = await self._evaluate(frame, f"{scripts};\n{call}")
        if text is None:
            raise Error("The document was replaced while it was looked at.")
        data = json.loads(text)
        return _Seen(frame, data, data["prefix"])

    async def _evaluate(self, frame: Frame, expression: str) -> Any:
        if frame.parent_frame is None:
            return await (await self._wires.to(frame.page)).evaluate(expression)
        return await frame.evaluate(expression)


async def _loaded(page: Page) -> None:
    try:
        await page.wait_for_load_state("domcontentloaded", timeout=5000)
    except Error:
        return


async def handle_of(view: View, ref: str) -> ElementHandle:
    """The live element of a ref; TargetMissing when it has left the page."""
    frame = view.frame_of(ref)
    number = int(ref.partition("e")[2])
    prefix = ref.partition("e")[0]
    try:
        handle: JSHandle = await frame.evaluate_handle(
            "([p, n]) => { const s = " + _KEY + "; return s && s.prefix === p && s.element(n); }",
            [prefix, number],
        )
    except Error as error:
        raise TargetMissing(f"The page of {ref} is gone.") from error
    element = handle.as_element()
    if element is None:
        node = view.nodes.get(ref)
        words = f"{node.role} “{node.name or node.text[:40]}”" if node else ref
        raise TargetMissing(f"The {words} is no longer on the page.")
    return element


def _nodes(one: _Seen) -> list[Node]:
    text: str = one.data["text"]
    return [_node(item, text, one) for item in one.data["nodes"]]


def _node(item: Mapping[str, Any], text: str, one: _Seen) -> Node:
    data = dict(item)
    start, end = data.pop("span")
    x, y, width, height = data.pop("box")
    data["box"] = Box(x + one.x, y + one.y, width, height)
    data["text"] = text[start:end].replace("\n", " ").strip()
    data["parent"] = data.get("parent") or one.holder or None
    data["frame"] = "" if not one.holder else one.prefix
    data["classes"] = tuple(data.get("classes", ()))
    data["states"] = frozenset(data.get("states", ()))
    data["signs"] = frozenset(data.get("signs", ()))
    if "options" in data:
        data["options"] = tuple(Option(*option) for option in data["options"])
    return Node(**data)


def _table(item: Mapping[str, Any]) -> Table:
    return Table(
        ref=item["ref"],
        caption=item["caption"],
        columns=tuple(item["columns"]),
        rows=tuple(tuple(row) for row in item["rows"]),
        row_refs=tuple(item["refs"]),
    )


def _collection(item: Mapping[str, Any]) -> Collection:
    return Collection(
        ref=item["ref"],
        kind=item["kind"],
        label=item["label"],
        item_refs=tuple(item["refs"]),
        item_texts=tuple(item["texts"]),
    )
