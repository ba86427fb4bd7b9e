"""Faults put into a page or its answers, kept until the session ends, to prove that tests notice.

In the page: ``blank_text`` (every occurrence of ``text``, in ``target`` or everywhere),
``hide_target``, ``insert_text`` (``text`` visibly, in ``target``), ``insert_item`` and
``remove_item`` (``number`` items, 1 by default, of the list, table or cards of ``target``, or that
``target`` is an item of; ``text`` is put into the new ones, or chooses the removed ones),
``swap_rows`` (``text`` names the column whose order must break), ``set_value`` (to ``text``),
``toggle_checked``, ``strike``, ``unstrike`` (all three also of the item with ``text`` of a list),
``toggle_enabled``, ``disable_control``, ``swap_texts`` (the first two lines of ``text`` for each
other),
``change_url`` (path ``text``), ``change_title``, ``change_cell`` (``target`` is a cell, or a table
whose row ``number``, from 0, is meant; ``text`` is what vanishes from it, ``""`` all),
``set_attribute`` (``text`` is ``name=value``), ``dead_control`` (it hears nothing any more),
``insert_element`` (what ``target`` describes, or ``text`` as ``role name``).

In the answers: ``status`` (documents are answered with ``number``), ``body`` (``text`` vanishes
from documents and fetched bodies, ``""``: their last line does), ``server_error`` (all that is not
a GET, and every fetch, gets ``number`` or 500), ``filename`` (files get another name). These act on
what is asked for from then on.

Once, and not to be undone: ``console_error`` and ``failed_request``.
"""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from typing import Any

from playwright.async_api import APIResponse, BrowserContext, Error, Frame, Page, Route

from assay.browser.errors import ActionFailed
from assay.browser.page import script
from assay.browser.policy import HostPolicy
from assay.browser.port import ANSWER_KINDS, LASTING_KINDS, Mutation

PAGE_KINDS = frozenset(
    {
        "blank_text", "hide_target", "insert_text", "insert_item", "remove_item", "swap_rows",
        "set_value", "toggle_checked", "toggle_enabled", "disable_control", "strike", "unstrike",
        "change_url", "change_title", "change_cell", "set_attribute", "dead_control",
        "insert_element", "swap_texts",
    }
)  # fmt: skip
KINDS = PAGE_KINDS | LASTING_KINDS
_NEEDS_TARGET = frozenset(
    {
        "hide_target", "set_value", "toggle_checked", "toggle_enabled", "disable_control",
        "strike", "unstrike", "change_cell", "set_attribute", "dead_control",
    }
)  # fmt: skip
_FETCHED = {"fetch", "xhr"}
_TOLD_WITHIN = 5000.0  # ms
_MASK = "\u2014"


class Mutations:
    """The faults of one session."""

    def __init__(self, context: BrowserContext, policy: HostPolicy) -> None:
        self._context = context
        self._policy = policy
        self._ids = itertools.count(1)
        self._page_faults = 0
        self._answers: list[Mutation] = []

    async def put(self, page: Page, mutation: Mutation, *, passing: bool = False) -> bool:
        """Put a fault in place; False, and nothing put, when the page has nothing to change.

        A ``passing`` fault is in the documents that are open now, and can be lifted; raises
        ActionFailed for faults in answers, which cannot.
        """
        if passing and mutation.kind in LASTING_KINDS:
            raise ActionFailed(f"The mutation {mutation.kind} cannot be lifted again.")
        if mutation.kind in ANSWER_KINDS:
            if not self._answers:
                await self._context.route("**/*", self._answer)
            self._answers.append(mutation)
            return True
        if mutation.kind == "console_error":
            return await self._complain(page, mutation.text or "Error")
        if mutation.kind == "failed_request":
            return await self._fail_request(page)
        if mutation.kind not in PAGE_KINDS:
            raise ActionFailed(f"There is no mutation “{mutation.kind}”.")
        if mutation.kind in _NEEDS_TARGET and mutation.target is None:
            raise ActionFailed(f"The mutation {mutation.kind} needs a target.")
        return await self._put_in_page(page, mutation, passing)

    async def lift(self, page: Page) -> None:
        """Take the passing faults out of the page, and what they changed back."""
        call = "() => window[Symbol.for('assay')].liftFaults?.() || 0"
        for frame in page.frames:
            await _in_frame(frame, call, None, load=False)
        self._page_faults = 0

    async def _fail_request(self, page: Page) -> bool:
        """Let the page ask for something that is answered with an error."""
        path = f"/failing-{next(self._ids)}"
        await self._context.route(f"**{path}", lambda route: route.fulfill(status=500))
        try:
            async with page.expect_response(f"**{path}", timeout=_TOLD_WITHIN):
                await page.evaluate("(path) => { fetch(path).catch(() => 0); }", path)
        except Error:
            return False  # the page may ask for nothing
        return True

    async def _complain(self, page: Page, text: str) -> bool:
        """Let the page write an error to the console."""
        try:
            async with page.expect_console_message(timeout=_TOLD_WITHIN):
                await page.evaluate("(text) => console.error(text)", text)
        except Error:
            return False
        return True

    async def _put_in_page(self, page: Page, mutation: Mutation, passing: bool) -> bool:
        fault = fault_of(mutation, next(self._ids), passing)
        call = "(f) => window[Symbol.for('assay')].fault(f)"
        changed = 0
        for frame in page.frames:
            changed += await _in_frame(frame, call, fault)
        if not changed and not mutation.ahead:
            drop = "(id) => window[Symbol.for('assay')].dropFault(id)"
            for frame in page.frames:
                await _in_frame(frame, drop, fault["id"])
            return False
        self._page_faults += 1
        if passing:
            return True
        await self._context.add_init_script(
            script("watch", "names", "find", "mutate") + f"\n({call})({json.dumps(fault)});"
        )
        return True

    async def refresh(self, page: Page) -> None:
        """Apply the faults once more, so that the next look sees them whatever the page did."""
        if not self._page_faults:
            return
        call = "() => { const s = window[Symbol.for('assay')]; return s.applyFaults?.() || 0; }"
        for frame in page.frames:
            await _in_frame(frame, call, None, load=False)

    # -- answers -------------------------------------------------------------------------------

    async def _answer(self, route: Route) -> None:
        request = route.request
        document = request.resource_type == "document"
        fetched = request.resource_type in _FETCHED or request.method != "GET"
        chosen = [one for one in self._answers if _concerns(one, document, fetched)]
        try:
            if not chosen:
                await route.fallback()
                return
            error = next((one for one in chosen if one.kind == "server_error"), None)
            if error is not None:
                await route.fulfill(
                    status=error.number or 500, content_type="text/html", body="<h1>Error</h1>"
                )
                return
            answer = await route.fetch(max_redirects=0)
            await route.fulfill(
                response=answer,
                status=self.status(answer.status, answer.status in range(300, 400)),
                **await self._body(answer, chosen),
            )
        except Error:
            return  # the page left before its answer came

    async def _body(self, answer: APIResponse, chosen: list[Mutation]) -> dict[str, Any]:
        if not any(one.kind == "body" for one in chosen):
            return {}
        body = await answer.body()
        try:
            return {"body": self.body(body.decode())}
        except UnicodeDecodeError:
            return {}

    def status(self, status: int, redirect: bool = False) -> int:
        """The status that a document's answer gets under the faults."""
        for one in self._answers:
            if one.kind == "status" and not redirect:
                return one.number or 500
        return status

    def filename(self, name: str) -> str:
        """The name that a file gets under the faults."""
        spoilt = any(one.kind == "filename" for one in self._answers)
        return f"another-{len(name)}.bin" if spoilt else name

    def body(self, text: str) -> str:
        """The body that an answer gets under the faults."""
        for one in self._answers:
            if one.kind != "body":
                continue
            if one.text:
                text = text.replace(one.text, _MASK)
            else:
                text = "\n".join(text.rstrip("\n").split("\n")[:-1]) + "\n"
        return text


def fault_of(mutation: Mutation, number: int, passing: bool = False) -> dict[str, Any]:
    """The fault as the page's script takes it."""
    target = asdict(mutation.target) if mutation.target is not None else None
    return {
        "id": number,
        "kind": mutation.kind,
        "target": target,
        "text": mutation.text,
        "number": mutation.number,
        "passing": passing,
    }


def _concerns(mutation: Mutation, document: bool, fetched: bool) -> bool:
    if mutation.kind == "filename":
        return False
    if mutation.kind == "status":
        return document
    if mutation.kind == "body":
        return document or fetched
    return fetched


async def _in_frame(frame: Frame, call: str, argument: object, *, load: bool = True) -> int:
    try:
        if load:
            await frame.evaluate(script("watch", "names", "find", "mutate"))
        count = await frame.evaluate(call, argument)
    except Error:
        return 0  # the frame is being replaced; its next document brings the fault along
    return int(count or 0)
