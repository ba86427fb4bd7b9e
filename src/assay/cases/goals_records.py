"""Tests for making, changing and deleting things, for sending messages, and for anything else."""

from __future__ import annotations

import re

from assay.atlas.abstraction import heading_of
from assay.atlas.fields import is_button, is_field, label_of, meaning
from assay.atlas.focus import Spot, Wanted
from assay.atlas.model import Purpose
from assay.atlas.purpose import FormView, find_forms
from assay.atlas.words import closeness, is_commit, is_destructive, is_logout
from assay.browser.model import ActionKind, Node, Observation
from assay.cases.goals_access import enter_area, find_spot
from assay.cases.goals_workshop import (
    CannotWrite,
    Plan,
    Workshop,
    accepted,
    buttons_like,
    clear_banner,
    expect_message,
    expect_result,
    expect_text,
    expect_url,
    need_form,
    path_of,
    put,
    refusal,
    send,
    shown,
)
from assay.cases.model import Assertion, AssertionKind, Draft
from assay.cases.recorder import Recorder
from assay.cases.values import generate

_SENT: dict[str, tuple[Purpose, str]] = {
    "contact": (Purpose.CONTACT, "contact form"),
    "newsletter": (Purpose.NEWSLETTER, "newsletter form"),
    "comment": (Purpose.COMMENT, "comment form"),
    "settings": (Purpose.SETTINGS, "settings form"),
    "reset": (Purpose.PASSWORD_RESET, "password reset form"),
    "voucher": (Purpose.VOUCHER, "voucher form"),
}


def fillable(node: Node) -> bool:
    """Whether a tester would fill this field in a plain positive case."""
    if not is_field(node) or node.states & {"readonly", "disabled"}:
        return False
    if node.role in {"checkbox", "switch"}:
        return "checked" not in node.states and (
            meaning(node) == "terms" or "required" in node.states
        )
    if "required" not in node.states and (
        "multiple" in node.constraints or re.search(r"\b(?:filter|search)\b", label_of(node), re.I)
    ):
        return False
    if node.role == "radio":
        return node.index <= 1 and "checked" not in node.states
    if node.input_type in {"file", "color"}:
        return False
    if node.tag == "select" and meaning(node) == "country":
        # Names, streets and postcodes are generated for one country.
        return len(node.options) > 1
    if node.tag == "select" and any(o.selected and not o.value for o in node.options):
        # “Choose one …” is shown like a value and is none.
        return True
    if node.tag == "select":
        return not node.value or ("required" in node.states and not (node.value or "").strip("- "))
    return not node.value or meaning(node) in {"title"}


async def fill_form(
    rec: Recorder, purpose: Purpose, like: FormView, *, seed: str, skip: str = ""
) -> list[tuple[str, str]]:
    """Fill what a tester would fill; (label, template) pairs in order."""
    done: list[tuple[str, str]] = []
    touched: set[str] = set()
    groups: set[str] = set()
    for _ in range(40):
        view = need_form(rec, purpose, like)
        groups |= {item.dom_name for item in view.fields if "checked" in item.states}
        node = next(
            (
                item
                for item in view.fields
                if _name(item) not in touched
                and _name(item) != skip
                and fillable(item)
                and not (item.role == "radio" and item.dom_name in groups)
            ),
            None,
        )
        if node is None:
            return done
        touched.add(_name(node))
        if node.role == "radio":
            groups.add(node.dom_name)
        value = "" if node.role in {"checkbox", "radio"} else generate(node, purpose.value, seed)
        if not value and node.role not in {"checkbox", "radio"}:
            continue
        await put(rec, node, value)
        done.append((label_of(node), value))
    return done


def _name(node: Node) -> str:
    return f"{node.dom_name or node.dom_id or label_of(node)}|{node.role}|" + (
        node.name if node.role in {"radio", "checkbox"} else ""
    )


def record_plans(shop: Workshop, feature: str) -> tuple[Plan, ...]:
    """Tests of making a record: it appears; an empty form is refused; it can be deleted again."""

    async def create() -> Draft | None:
        return await _create(shop, feature)

    async def empty() -> Draft | None:
        return await _empty(shop, feature, (Purpose.CREATE, Purpose.OTHER), "create-empty")

    async def delete() -> Draft | None:
        return await _delete(shop, feature)

    return (
        Plan("create-positive", f"{feature.capitalize()}: a new one appears", create),
        Plan(
            "create-empty",
            f"{feature.capitalize()}: an empty form is refused",
            empty,
            True,
            "empty blank missing required",
        ),
        Plan(
            "delete-positive",
            f"{feature.capitalize()}: delete a new one",
            delete,
            words="delete remove",
        ),
    )


async def _record_spot(shop: Workshop, feature: str) -> Spot:
    wanted = Wanted(feature, (Purpose.CREATE, Purpose.EDIT, Purpose.UPLOAD))
    name = f"create {feature}"
    spot = await find_spot(shop, name, wanted)
    if spot is None or spot.form is None:
        raise CannotWrite(f"No form for “{feature}” was found on the site.")
    return spot


async def _create(shop: Workshop, feature: str) -> Draft | None:
    spot = await _record_spot(shop, feature)
    if spot.form is None:
        return None
    purpose = spot.form.purpose
    async with shop.recorder("create-positive") as rec:
        await enter_area(shop, rec, spot)
        filled = await fill_form(rec, purpose, spot.form, seed="create")
        if not filled:
            raise CannotWrite(f"The form for “{feature}” has nothing to fill in.")
        view = need_form(rec, purpose, spot.form)
        before = rec.observation
        await send(rec, view, field_ref=_last_text(view))
        against = refusal(rec)
        if against:
            raise CannotWrite(f"The site refused the filled-in form: it says “{against}”.")
        expected = await _expect_created(rec, filled)
        if not expected:
            count = await expect_result(rec, before)
            if not count:
                raise CannotWrite("Sending the form changed nothing that was seen.")
            expected = "the site confirms it"
        return rec.draft(
            "create-positive",
            f"{feature.capitalize()}: a new one appears",
            f"A filled-in form for “{feature}” makes a new entry.",
            expected,
        )


def _last_text(view: FormView) -> str:
    texts = [node for node in view.fields if node.role in {"textbox", "searchbox"}]
    return texts[-1].ref if texts else ""


async def _expect_created(rec: Recorder, filled: list[tuple[str, str]]) -> str:
    said: list[str] = []
    if await expect_message(rec, r"success|added|created|saved|thank"):
        said.append("the site confirms it")
    unique = [
        item
        for item in rec.typed
        if "{{" in item.template and "{{config:" not in item.template and len(item.value) >= 3
    ]
    for item in unique:
        if item.value in rec.observation.text:
            check = await rec.expect(
                Assertion(AssertionKind.TEXT, item.template), f"The new “{item.label}” is shown"
            )
            if check.ok:
                said.append(f"the new “{item.label}” is shown")
                break
    return "; ".join(said) if said and (unique or filled) else ""


async def _empty(
    shop: Workshop, feature: str, purposes: tuple[Purpose, ...], key: str
) -> Draft | None:
    spot = await _record_spot(shop, feature)
    if spot.form is None:
        return None
    async with shop.recorder(key) as rec:
        await enter_area(shop, rec, spot)
        view = need_form(rec, spot.form.purpose, spot.form)
        if view.submit is None:
            return None
        before = rec.observation
        await send(rec, view)
        message = await expect_message(rec)
        if not message or accepted(rec):
            return None
        await expect_url(rec, f"The page is still {path_of(before.url).partition('?')[0]}")
        return rec.draft(
            key,
            f"{feature.capitalize()}: an empty form is refused",
            "Sending the form with nothing filled in is refused with a message.",
            shown(message),
        )


async def _delete(shop: Workshop, feature: str) -> Draft | None:
    """Make a record, then delete that very record."""
    spot = await _record_spot(shop, feature)
    if spot.form is None:
        return None
    async with shop.recorder("delete-positive") as rec:
        await enter_area(shop, rec, spot)
        await fill_form(rec, spot.form.purpose, spot.form, seed="delete")
        view = need_form(rec, spot.form.purpose, spot.form)
        await send(rec, view, field_ref=_last_text(view))
        made = next(
            (
                item
                for item in rec.typed
                if "{{" in item.template
                and "{{config:" not in item.template
                and item.value in rec.observation.text
            ),
            None,
        )
        if made is None:
            return None
        link = next(
            (
                n
                for n in rec.observation.nodes
                if n.role == "link" and made.value in (n.name or n.text)
            ),
            None,
        )
        button = _own_delete(rec.observation, made.value)
        if button is None and link is not None:
            await rec.act(ActionKind.CLICK, link.ref)
            button = next(iter(buttons_like(rec.observation, r"^(?:delete|remove)\b")), None)
        if button is None:
            return None
        await rec.act(ActionKind.CLICK, button.ref)
        confirm = buttons_like(rec.observation, r"^(?:yes|confirm|delete|ok)\b")
        if made.value in rec.observation.text and confirm and confirm[0].role == "button":
            await rec.act(ActionKind.CLICK, confirm[0].ref)
        await expect_message(rec, r"deleted|removed|success")
        check = await rec.expect(
            Assertion(AssertionKind.NO_TEXT, made.template),
            "The deleted entry is not listed any more",
        )
        if not check.ok:
            return None
        return rec.draft(
            "delete-positive",
            f"{feature.capitalize()}: delete a new one",
            "An entry that was just made can be deleted.",
            "the deleted entry is not listed any more",
        )


def _own_delete(observation: Observation, value: str) -> Node | None:
    for node in observation.nodes:
        words = f"{node.name} {node.title}"
        if node.interactive and value in node.row_text and is_destructive(words):
            return node
    return None


def message_plans(shop: Workshop, which: str) -> tuple[Plan, ...]:
    """Tests of a form that sends something: contact, newsletter, comment, settings, voucher."""
    purpose, name = _SENT[which]

    async def positive() -> Draft | None:
        return await _sent(shop, purpose, name, f"{which}-positive")

    async def empty() -> Draft | None:
        return await _not_sent(shop, purpose, name, f"{which}-empty")

    return (
        Plan(f"{which}-positive", f"Send the {name}", positive),
        Plan(f"{which}-empty", f"Refuse an empty {name}", empty, True, "empty blank missing"),
    )


async def _form_spot(shop: Workshop, purpose: Purpose, name: str) -> Spot:
    wanted = Wanted(name.removesuffix(" form"), (purpose,))
    spot = await find_spot(shop, name, wanted)
    if spot is None or spot.form is None:
        raise CannotWrite(f"No {name} was found on the site.")
    return spot


async def _sent(shop: Workshop, purpose: Purpose, name: str, key: str) -> Draft | None:
    spot = await _form_spot(shop, purpose, name)
    if spot.form is None:
        return None
    async with shop.recorder(key) as rec:
        await enter_area(shop, rec, spot)
        changed = await _change_one(rec, purpose, spot.form)
        await fill_form(rec, purpose, spot.form, seed=key)
        view = need_form(rec, purpose, spot.form)
        before = rec.observation
        await send(rec, view, field_ref=_last_text(view))
        against = refusal(rec)
        if against:
            raise CannotWrite(f"The site refused the filled-in {name}: it says “{against}”.")
        if not await expect_result(rec, before):
            raise CannotWrite(f"Sending the {name} changed nothing that was seen.")
        if changed:
            await _expect_saved(rec, spot, changed)
        return rec.draft(
            key,
            f"Save the {name}" if changed else f"Send the {name}",
            f"What is changed in the {name} is kept."
            if changed
            else f"A filled-in {name} is accepted.",
            asserted(rec),
        )


async def _change_one(rec: Recorder, purpose: Purpose, like: FormView) -> str:
    """Put something new into a field that has a value already; its label, or ``""``."""
    view = need_form(rec, purpose, like)
    if purpose not in {Purpose.SETTINGS, Purpose.EDIT}:
        return ""
    for node in view.fields:
        harmless = meaning(node) in {"full_name", "first_name", "last_name", "title", "company"}
        if harmless and node.value and node.role == "textbox":
            await put(rec, node, "Alex {{unique}}")
            return label_of(node)
    return ""


async def _expect_saved(rec: Recorder, spot: Spot, label: str) -> None:
    """Open the form again: what was changed is still there."""
    await rec.open(path_of(spot.url), f"Open {path_of(spot.url)} again")
    for node in rec.observation.nodes:
        if is_field(node) and label_of(node) == label:
            await rec.expect(
                Assertion(AssertionKind.VALUE, "Alex {{unique}}"),
                f"“{label}” has the new value",
                target_ref=node.ref,
            )
            return


def asserted(rec: Recorder) -> str:
    """What the recorded test asserts, in the words of its steps."""
    said = [step.text for step in rec.steps if step.assertion is not None]
    return "; ".join(text[:1].lower() + text[1:] for text in said)


async def _empty_one(rec: Recorder, purpose: Purpose, like: FormView) -> str:
    """Empty the first text that a form came filled in with; its label, or ``""``."""
    for node in need_form(rec, purpose, like).fields:
        named = meaning(node) in {"full_name", "first_name", "last_name", "title"}
        if node.role == "textbox" and node.value and named and "readonly" not in node.states:
            await rec.act(ActionKind.CLEAR, node.ref)
            return label_of(node)
    return ""


async def _not_sent(shop: Workshop, purpose: Purpose, name: str, key: str) -> Draft | None:
    spot = await _form_spot(shop, purpose, name)
    if spot.form is None:
        return None
    async with shop.recorder(key) as rec:
        await enter_area(shop, rec, spot)
        emptied = await _empty_one(rec, purpose, spot.form)
        view = need_form(rec, purpose, spot.form)
        await send(rec, view, field_ref=_last_text(view))
        message = await expect_message(rec)
        if not message or accepted(rec):
            return None
        what = f"the {name} with an empty “{emptied}”" if emptied else f"an empty {name}"
        return rec.draft(
            key,
            f"Refuse {what}",
            f"Sending {what} is refused with a message.",
            shown(message),
        )


def generic_plans(shop: Workshop, feature: str) -> tuple[Plan, ...]:
    """Tests for an area that only the user's words name."""

    async def area() -> Draft | None:
        return await _area(shop, feature)

    return (Plan(f"area-{_slug(feature)}", f"{feature.capitalize()} works", area),)


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


async def _area(shop: Workshop, feature: str) -> Draft | None:
    """Open what is nearest in meaning, do its main thing, and assert what that changed."""

    def names_it(observation: Observation) -> bool:
        words = f"{heading_of(observation)} {observation.title} {path_of(observation.url)}"
        return closeness(feature, words) >= 0.6

    wanted = Wanted(feature, page=names_it)
    name = f"area {feature}"
    spot = await find_spot(shop, name, wanted)
    if spot is None:
        raise CannotWrite(f"Nothing on the site was found that is about “{feature}”.")
    key = f"area-{_slug(feature)}"
    async with shop.recorder(key) as rec:
        await enter_area(shop, rec, spot)
        before = rec.observation
        acted = await _main_thing(rec, feature)
        count = await expect_result(rec, before) if acted else 0
        if not count:
            await expect_url(rec)
            count += await expect_text(rec, heading_of(rec.observation))
        if not count:
            raise CannotWrite(f"Nothing could be asserted about “{feature}”.")
        return rec.draft(
            key,
            f"{feature.capitalize()} works",
            f"What “{feature}” names works as it did when this test was written.",
            asserted(rec),
        )


async def _main_thing(rec: Recorder, feature: str) -> bool:
    """Send the area's main form, or press its nearest harmless button."""
    await clear_banner(rec)
    views = [
        view
        for view in find_forms(rec.observation)
        if view.fields
        and view.purpose not in {Purpose.SEARCH, Purpose.NEWSLETTER, Purpose.LOGIN}
        and not is_destructive(label_of(view.submit) if view.submit else "")
    ]
    views.sort(
        key=lambda view: (
            -closeness(feature, f"{view.title} {label_of(view.submit) if view.submit else ''}")
        )
    )
    if views:
        view = views[0]
        await fill_form(rec, view.purpose, view, seed=feature)
        current = need_form(rec, view.purpose, view)
        await send(rec, current, field_ref=_last_text(current))
        return True
    buttons = [
        node
        for node in rec.observation.nodes
        if is_button(node)
        and node.interactive
        and "disabled" not in node.states
        and label_of(node)
        and not (
            is_destructive(label_of(node)) or is_logout(label_of(node)) or is_commit(label_of(node))
        )
    ]
    buttons.sort(key=lambda node: -closeness(feature, label_of(node)))
    if buttons and closeness(feature, label_of(buttons[0])) > 0:
        await rec.act(ActionKind.CLICK, buttons[0].ref)
        return rec.moments[-1].effect.anything
    return False
