"""Carrying out one clause of a manual test on a live page."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from assay.browser.model import ActionKind, Observation
from assay.cases import (
    answering,
    choosing,
    filling,
    form_entries,
    going,
    moving,
    naming,
    noting,
    plaindoing,
    records,
    seeking,
    signing,
)
from assay.cases.clauses import Clause, FieldValue, Phrase, Place, Relation, Verb
from assay.cases.hands import Hands, Undone, phrase_of, says_number
from assay.cases.moves import best, dates, widgets
from assay.cases.moves.doing import MOVES
from assay.cases.naming import is_here
from assay.cases.unfolding import unfold
from assay.cases.values import generate
from assay.cases.words import fold, tokens

_CLICKS = {
    Verb.CLICK: ActionKind.CLICK,
    Verb.DOUBLE_CLICK: ActionKind.DOUBLE_CLICK,
    Verb.RIGHT_CLICK: ActionKind.RIGHT_CLICK,
    Verb.HOVER: ActionKind.HOVER,
    Verb.SCROLL: ActionKind.SCROLL,
    Verb.TOGGLE: ActionKind.CLICK,
    Verb.EXPAND: ActionKind.CLICK,
    Verb.COLLAPSE: ActionKind.CLICK,
    Verb.FOCUS: ActionKind.CLICK,
    Verb.SORT: ActionKind.CLICK,
}
_ON_ITEMS = {Verb.DOUBLE_CLICK, Verb.RIGHT_CLICK, Verb.HOVER, Verb.CLICK}
_CROSSES = {"x", "×", "cross"}
# After these a form that an earlier clause filled whole may stay as it is.
_WITHIN = {
    Verb.SUBMIT, Verb.CLICK, Verb.NAME_ONLY, Verb.PRESS, Verb.CONFIRM, Verb.TYPE, Verb.FILL_FORM,
    Verb.SELECT, Verb.CHECK, Verb.UNCHECK, Verb.UPLOAD, Verb.CLEAR, Verb.APPEND, Verb.VERIFY,
    Verb.KEEP, Verb.COPY_FIELD, Verb.PASTE_FIELD, Verb.TAB,
    Verb.SLIDER, Verb.HOVER, Verb.SCROLL, Verb.FOCUS, Verb.EXPAND, Verb.TOGGLE, Verb.DISMISS,
}  # fmt: skip
_SENDS = {Verb.SUBMIT, Verb.CLICK, Verb.NAME_ONLY, Verb.PRESS, Verb.CONFIRM}
_FILLS = {Verb.FILL_FORM, Verb.REGISTER, Verb.LOG_IN}


class Doer:
    """Carries clauses out one after the other with the hands it was given."""

    def __init__(self, hands: Hands) -> None:
        self.hands = hands
        self.pending = False
        self.more = False  # the next clause goes on filling the form
        self._verbs: dict[Verb, Callable[[Clause], Awaitable[None]]] = {
            Verb.OPEN: self._open,
            Verb.TYPE: self._type,
            Verb.APPEND: self._append,
            Verb.CLEAR: self._clear,
            Verb.PRESS: self._press,
            Verb.SELECT: self._select,
            Verb.CHECK: self._by(choosing.tick),
            Verb.UNCHECK: self._by(choosing.tick),
            Verb.UPLOAD: self._upload,
            Verb.DOWNLOAD: self._click,
            Verb.DRAG: self._drag,
            Verb.SUBMIT: self._submit,
            Verb.FILL_FORM: self._fill,
            Verb.SEARCH: self._search,
            Verb.FILTER: self._filter,
            Verb.FACET: self._click,
            Verb.LOG_IN: self._log_in,
            Verb.LOG_OUT: self._log_out,
            Verb.REGISTER: self._register,
            Verb.BACK: self._by(moving.history),
            Verb.FORWARD: self._by(moving.history),
            Verb.RELOAD: self._by(moving.history),
            Verb.TAB: self._by(moving.use_tab),
            Verb.WAIT: self._by(moving.wait),
            Verb.CALL: self._by(moving.call),
            Verb.KEEP: self._by(noting.keep),
            Verb.COPY_FIELD: self._by(noting.copy),
            Verb.PASTE_FIELD: self._by(noting.paste),
            Verb.CONFIRM: self._confirm,
            Verb.DISMISS: self._dismiss,
            Verb.RUN: self._by(seeking.run),
            Verb.APPLY: self._by(seeking.apply_code),
            Verb.ADD: self._add,
            Verb.DELETE: self._delete,
            Verb.EDIT: self._edit,
            Verb.NAME_ONLY: self._name_only,
            **{verb: self._by(way) for verb, way in MOVES.items()},
            Verb.COMPLETE: self._complete,
        }

    async def carry_out(self, clauses: tuple[Clause, ...], index: int) -> None:
        """Do one clause, trying its other readings when the first finds nothing.

        Raises Undone with the reason of the first reading.
        """
        clause = clauses[index]
        self.hands.following = _names(clauses[index + 1 : index + 3])
        self.hands.answer = plaindoing.answer_to(clauses, index)
        if _says_how(clauses, index):
            await signing.reach_login(self.hands)
            return
        following = clauses[index + 1] if index + 1 < len(clauses) else clause
        self.more = following.verb is Verb.FILL_FORM and following is not clause
        if self.pending and clause.verb not in _WITHIN and not await self._unfolds(clause):
            await self.finish()
        try:
            await self._one(clause)
        except Undone as undone:
            if clause.soft and not isinstance(undone, going.ThingMissing):
                return
            for other in (
                *clause.alternatives,
                *filter(None, [going.as_place(self.hands, clause)]),
            ):
                done = len(self.hands.recorder.steps)
                try:
                    for part in other:
                        await self._one(part)
                except Undone:
                    if len(self.hands.recorder.steps) != done:
                        break
                else:
                    return
            raise undone

    async def _unfolds(self, clause: Clause) -> bool:
        """Whether a clause only opens a part of the page that a filled form is on."""
        if clause.verb is not Verb.OPEN or clause.path or not phrase_of(clause).text:
            return False
        found = await self.hands.find(phrase_of(clause), Verb.OPEN, place=clause.place)
        if found.choice is None:
            return False
        node = self.hands.page.node(found.choice.ref)
        return node.role == "tab" or bool(node.states & {"collapsed", "expanded"})

    async def finish(self) -> None:
        """Send a form that was filled and that no step has sent."""
        if self.pending:
            self.pending = False
            await self.hands.submit()

    async def _one(self, clause: Clause) -> None:
        await self.hands.progress.check()
        if clause.verb is Verb.VERIFY:
            return
        clause = self._templated(clause)
        if (parts := going.split_where(self.hands, clause)) is not None:
            await self._open(parts[0])
            clause = parts[1]
        handler = self._verbs.get(clause.verb, self._click)
        self.hands.exact = clause.plain
        try:
            await handler(clause)
        finally:
            self.hands.exact = False
        # a plain line does what it says and no more: nothing is sent for it
        if clause.plain or (clause.verb in _SENDS and clause.verb is not Verb.NAME_ONLY):
            self.pending = False  # a bare name may as well have filled a form

    def _templated(self, clause: Clause) -> Clause:
        """The clause with known credentials put back to their config templates."""

        def swap(value: str | None) -> str | None:
            for item in self.hands.recorder.target.credentials:
                # one word that is both says nothing of which is meant
                if value is not None and value == item.password and value != item.username:
                    return f"{{{{config:{item.name}.password}}}}"
            return value

        clause = replace(
            clause,
            value=swap(clause.value),
            fields=tuple(replace(item, value=swap(item.value)) for item in clause.fields),
        )
        return plaindoing.rendered(self.hands, clause) if clause.plain else clause

    async def _open(self, clause: Clause) -> None:
        if clause.start:
            await self.hands.recorder.open(self.hands.recorder.target.url)
            return
        if clause.path:
            await self.hands.recorder.open(await self._address(clause.path))
            return
        phrase = phrase_of(clause)
        if clause.soft and is_here(self.hands.page, phrase):
            return
        if await going.go(self.hands, clause):
            return
        here = await self.hands.find(phrase, Verb.OPEN, place=clause.place)
        fits = here.choice is not None and says_number(phrase, here, self.hands.page)
        if not fits and naming.is_start(phrase):
            if len(self.hands.recorder.steps) > 1:  # the first opens it
                await self.hands.recorder.open(self.hands.recorder.target.url)
            return
        if not fits and is_here(self.hands.page, phrase):
            return
        if not fits and await going.to_numbered(self.hands, phrase, clause.place):
            return
        ref = await self.hands.reach(phrase, Verb.OPEN, place=clause.place)
        if ref is not None:
            await self.hands.do(ActionKind.CLICK, ref)

    async def _address(self, path: str) -> str:
        """Where a path lies. One without a leading slash is sought beside the page that has its
        first part as name: ``orders/1.json`` is next to ``…/orders``; ``#/orders`` is of the page
        that is open."""
        if path.startswith("#") and self.hands.recorder.opened:
            return urlsplit(self.hands.page.url).path + path
        first = re.split(r"[/.?]", path, maxsplit=1)[0]
        if path.startswith("/") or "://" in path or not first:
            return path
        if not self.hands.recorder.opened:
            await self.hands.recorder.open(self.hands.recorder.target.url)

        def beside(page: Observation) -> str | None:
            for node in page.nodes:
                where = urlsplit(urljoin(page.url, node.href)).path.rstrip("/") if node.href else ""
                if where.endswith("/" + first):
                    return where + path[len(first) :]
            return None

        known = beside(self.hands.page)
        if known is None and await self.hands.travel(
            lambda page: 1.0 if beside(page) is not None else 0.0, first
        ):
            known = beside(self.hands.page)
        return known or path

    async def _click(self, clause: Clause) -> None:
        kind = _CLICKS.get(clause.verb, ActionKind.CLICK)
        if clause.verb is Verb.SCROLL and not clause.objects:
            await moving.scroll(self.hands, clause)
            return
        if clause.every:
            for _ in range(50):
                refs = choosing.every(self.hands, clause)
                if not refs:
                    return
                await self.hands.do(kind, refs[0])
            return
        phrase = self._item_in_hand(clause)
        place, removes = clause.place, fold(phrase.text) in _CROSSES
        if place is None and removes and self.hands.hovered:
            place = Place(self.hands.hovered, "row", quoted=True)
        if clause.plain and clause.key and (await self.hands.find(phrase)).choice is None:
            await self.hands.do(ActionKind.PRESS, value=clause.key)
            return
        if not clause.plain and phrase.text and clause.verb is Verb.CLICK:
            here = await self.hands.find(phrase, place=place, destructive=removes)
            if here.choice is None and not here.several:
                await unfold(self.hands, phrase, place=place, destructive=removes)
        for _ in range(max(clause.times, 1)):
            ref = await self.hands.reach(phrase, clause.verb, place=place, destructive=removes)
            if ref is not None:
                await self.hands.do(kind, ref)

    def _item_in_hand(self, clause: Clause) -> Phrase:
        """What a bare "double-click" is done to: the item that was made or named last."""
        phrase = phrase_of(clause)
        bare = not phrase.text and phrase.ordinal is None and not phrase.role
        if bare and clause.verb in _ON_ITEMS and self.hands.thing:
            return replace(phrase, text=self.hands.thing, raw=self.hands.thing, pronoun=False)
        return phrase

    async def _type(self, clause: Clause) -> None:
        if clause.fields:
            await filling.fill(self.hands, clause.fields, complete=False)
        elif clause.plain and not clause.objects:
            await plaindoing.type_on(self.hands, clause.value or "")
        elif not clause.plain and (named := filling.fields_named(self.hands, clause)):
            await filling.fill(self.hands, named, complete=False, who=clause.who)
        else:
            phrase = phrase_of(clause)
            ref = form_entries.boxed(self.hands, clause) or await self.hands.need(
                phrase, Verb.TYPE, place=clause.place, value=clause.value
            )
            value = clause.value
            if value is None:
                value = generate(self.hands.page.node(ref))
            if clause.plain and self.hands.page.node(ref).tag == "select":
                await plaindoing.choose(self.hands, self.hands.page.node(ref), value)
                return
            await filling.put(self.hands, self.hands.page.node(ref), value)
        self.pending = self.hands.form is not None
        if clause.key:
            await self.hands.do(ActionKind.PRESS, self.hands.ref_of_last(), value=clause.key)
            self.pending = False

    async def _append(self, clause: Clause) -> None:
        self.pending = await form_entries.append(self.hands, clause) or self.pending

    async def _clear(self, clause: Clause) -> None:
        phrase = phrase_of(clause)
        known = clause.plain or filling.best_named(self.hands.text_fields(), phrase.text)
        field = (
            None
            if known
            else (records.editor_in_hand(self.hands) or dates.sole(self.hands, phrase))
        )
        ref = field.ref if field else await self.hands.need(phrase, Verb.CLEAR, place=clause.place)
        self.pending = self.hands.page.node(ref).form is not None or self.pending
        await self.hands.do(ActionKind.CLEAR, ref)

    async def _press(self, clause: Clause) -> None:
        if clause.plain:
            await plaindoing.press(self.hands, clause)
            return
        ref = None
        if clause.objects:
            found = await self.hands.find(clause.objects[0], Verb.TYPE, place=clause.place)
            ref = found.choice.ref if found.choice is not None else None
        for _ in range(max(clause.times, 1)):
            await self.hands.do(ActionKind.PRESS, ref, value=clause.key or clause.value or "Enter")

    async def _select(self, clause: Clause) -> None:
        chosen = await choosing.select(self.hands, clause)
        self.pending = self.pending if chosen is None else chosen

    async def _upload(self, clause: Clause) -> None:
        if clause.plain and clause.objects:
            await plaindoing.upload(self.hands, clause)
            return
        size = next((item.size for item in clause.fields if item.size), None)
        plan = FieldValue(Phrase("file", raw="file", role="file"), clause.value, size=size)
        await filling.fill(self.hands, (plan,), complete=False)
        self.pending = True

    async def _drag(self, clause: Clause) -> None:
        source = await self.hands.need(phrase_of(clause), Verb.DRAG)
        if clause.to is None:
            raise Undone("The step does not say where to drag it to.")
        goal = await self.hands.need(clause.to, Verb.DRAG, travel=False)
        await self.hands.do(ActionKind.DRAG, source, to=goal)

    async def _search(self, clause: Clause) -> None:
        try:
            await seeking.search(self.hands, clause)
        except Undone:
            if not clause.value or not await best.by_fields(self.hands, clause.value):
                raise

    async def _complete(self, clause: Clause) -> None:
        await widgets.complete(self.hands, clause)
        self.pending = True

    async def _submit(self, clause: Clause) -> None:
        if clause.objects and clause.objects[0].text:
            found = await self.hands.find(clause.objects[0], Verb.SUBMIT, place=clause.place)
            if found.choice is not None:
                await self.hands.do(ActionKind.CLICK, found.choice.ref)
                return
        await self.hands.submit(" ".join(tokens(clause.text)), said=True)

    async def _fill(self, clause: Clause) -> None:
        if clause.nothing:
            return
        if clause.every:
            await filling.fill_every(self.hands, clause.fields)
        elif clause.fields:
            if self._only_login(clause):
                await signing.log_in(self.hands, clause.who, clause.fields)
                self.pending = False
                return
            if self._needs_sign_up(clause):
                await signing.reach_sign_up(self.hands)
            await filling.fill(self.hands, clause.fields, complete=not self.more)
        else:
            await naming.reach_form(self.hands, phrase_of(clause))
        self.pending = True

    def _only_login(self, clause: Clause) -> bool:
        """Whether the fields are those of signing in and nothing on the page takes them."""
        named = " ".join(item.field.text.lower() for item in clause.fields)
        if "pass" not in named or any(
            form_entries.asks_in_force(item)
            or item.count > 1
            or item.relation in {Relation.SAME, Relation.DIFFERENT}
            for item in clause.fields
        ):
            return False
        return not signing.passwords(self.hands.page) and not self.hands.dirty

    def _needs_sign_up(self, clause: Clause) -> bool:
        several = any(
            "pass" in item.field.text.lower()
            and "new" not in item.field.text.lower().split()
            and (item.count > 1 or item.relation in {Relation.SAME, Relation.DIFFERENT})
            for item in clause.fields
        )
        return several and len(signing.passwords(self.hands.page)) < 2 and not self.hands.dirty

    def _by(
        self, way: Callable[[Hands, Clause], Awaitable[None]]
    ) -> Callable[[Clause], Awaitable[None]]:
        async def carry_out(clause: Clause) -> None:
            await way(self.hands, clause)

        return carry_out

    async def _filter(self, clause: Clause) -> None:
        self.pending = await seeking.filter_by(self.hands, clause)

    async def _log_in(self, clause: Clause) -> None:
        await signing.log_in(self.hands, clause.who, clause.fields)
        self.pending = False

    async def _log_out(self, clause: Clause) -> None:
        await signing.log_out(self.hands)

    async def _register(self, clause: Clause) -> None:
        await signing.reach_sign_up(self.hands)
        fields = signing.sign_up_form(self.hands.page) or []
        self.hands.form = fields[0].form if fields else None
        touched = await filling.fill_in(self.hands, clause.fields)
        touched += await self._passwords_twice(clause)
        await filling.fill_all(self.hands, self.hands.form, touched)
        self.pending = True

    async def _passwords_twice(self, clause: Clause) -> list[tuple[str, str]]:
        """Fill the password fields of the sign-up form alike unless the clause said how."""
        if any("pass" in item.field.text.lower() for item in clause.fields):
            return []
        form = self.hands.form
        count = sum(1 for node in signing.passwords(self.hands.page) if node.form == form)
        if not count:
            return []
        relation = Relation.SAME if count > 1 else Relation.ANY
        plan = FieldValue(Phrase("password", raw="password"), relation=relation, count=count)
        return await filling.fill_in(self.hands, (plan,))

    async def _confirm(self, clause: Clause) -> None:
        if clause.plain:
            await plaindoing.answer(self.hands, clause)
            return
        await answering.confirm(self.hands)

    async def _dismiss(self, clause: Clause) -> None:
        if clause.plain:
            await plaindoing.answer(self.hands, clause)
        else:
            await self._click(clause)

    async def _add(self, clause: Clause) -> None:
        self.pending = await records.add(self.hands, clause) or self.pending

    async def _delete(self, clause: Clause) -> None:
        await records.delete(self.hands, clause)

    async def _edit(self, clause: Clause) -> None:
        sends = await records.edit(self.hands, clause)
        self.pending = self.pending if sends is None else sends

    async def _name_only(self, clause: Clause) -> None:
        if not self.pending and await going.go(self.hands, clause):
            return
        self.pending = await naming.use(self.hands, clause, pending=self.pending)


def _says_how(clauses: tuple[Clause, ...], index: int) -> bool:
    """Whether a step to sign in is followed by what is to be entered for it."""
    clause, *later = clauses[index:]
    bare = clause.verb is Verb.LOG_IN and not (clause.who or clause.fields or clause.plain)
    fields = later[0].fields if later and later[0].verb is Verb.FILL_FORM else ()
    return bare and any("pass" in item.field.text.lower() for item in fields)


def _names(clauses: tuple[Clause, ...]) -> tuple[str, ...]:
    return tuple(item.text for clause in clauses for item in clause.objects if item.text)
