"""Filling fields and whole forms by the meaning of their fields."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assay.atlas.model import Purpose
from assay.atlas.purpose import find_forms
from assay.browser.model import ActionKind, Node, Observation
from assay.cases import form_entries, signing
from assay.cases.clauses import Clause, FieldValue, Phrase, Relation, Verb
from assay.cases.hands import Hands, Undone
from assay.cases.values import generate, upload, wrong
from assay.cases.words import canonical, lexical, tokens

_CHOICES = {"radio", "checkbox", "switch"}
_TEXTUAL = {"textbox", "searchbox", "spinbutton", "combobox"}
_NAMED_WELL = 0.55
_SURELY_NAMED = 0.85
_NAMING = frozenset(
    word
    for name in ("name", "title", "subject", "label", "summary", "description", "what", "text")
    for word in canonical(name)
)


def name_of(node: Node) -> str:
    """How a field is called on the page."""
    return node.name or node.label or node.placeholder or node.column or node.near or node.dom_name


async def fill(
    hands: Hands, fields: tuple[FieldValue, ...], *, complete: bool = True, who: str = ""
) -> None:
    """Fill the named fields, then what else the form demands when ``complete``; ``who`` signs in.

    Raises Undone when a named field is nowhere to be found.
    """
    touched: list[tuple[str, str]] = []
    for plan in fields:
        touched += await _one(hands, plan, touched, who)
    if complete:
        await fill_rest(hands, touched)


async def fill_rest(hands: Hands, touched: list[tuple[str, str]] | None = None) -> None:
    """Give sensible values to the fields of the form in hand that must not stay empty."""
    done = set(touched or ())
    for _ in range(40):
        form = hands.form
        fields = [
            node
            for node in hands.page.nodes
            if (node.editable or node.options)
            and node.form == form
            and _key(node) not in done
            and not node.states & {"disabled", "readonly"}
            and (node.role in _TEXTUAL or node.input_type == "file" or node.options)
        ]
        demanded = [node for node in fields if is_required(node) and is_empty(node)]
        if not demanded:
            return
        node = demanded[0]
        done.add(_key(node))
        if entered_secret(hands, node):
            continue
        own = _own_secret(hands, node)
        await put(hands, node, own or generate(node, country=_country(hands.page, form)))


async def fill_every(hands: Hands, fields: tuple[FieldValue, ...]) -> None:
    """Fill every field of the page's main form: those that a step speaks of as it says, all others
    with what fits them.

    Raises Undone when the page has no form, or not the fields that are named.
    """
    form = form_entries.main_form(hands)
    if form is None and not hands.text_fields():
        raise Undone("I found no form to fill in.")
    hands.form = form
    touched: list[tuple[str, str]] = []
    for plan in fields:
        empty = await _left_empty(hands, plan, touched)
        touched += [empty] if empty else await _one(hands, plan, touched, "")
        hands.form = form
    done = set(touched)
    for _ in range(60):
        node = next((one for one in _blank_fields(hands, form) if _key(one) not in done), None)
        if node is None:
            break
        done.add(_key(node))
        own = _own_secret(hands, node)
        value = own or generate(node, country=_country(hands.page, form))
        if value or node.role in _CHOICES:
            await put(hands, node, value)
    await fill_rest(hands, list(done))


async def _left_empty(
    hands: Hands, plan: FieldValue, touched: list[tuple[str, str]]
) -> tuple[str, str] | None:
    """The field that a step says stays empty, when it is empty as it is."""
    if plan.relation is not Relation.BLANK:
        return None
    node = await _field(hands, plan, touched)
    return _key(node) if is_empty(node) else None


def _blank_fields(hands: Hands, form: str | None) -> list[Node]:
    """What a tester fills in who fills in everything; boxes to tick only where they must be."""
    ticked = {node.dom_name for node in hands.page.nodes if "checked" in node.states}

    def blank(node: Node) -> bool:
        if node.role == "radio":
            return node.dom_name not in ticked and bool(node.dom_name)
        if node.role in _CHOICES:
            return is_required(node) and "checked" not in node.states
        return node.role in _TEXTUAL and bool(node.editable or node.options) and is_empty(node)

    found: list[Node] = []
    for node in hands.page.nodes:
        open_ = not node.states & {"disabled", "readonly", "covered"}
        group = node.role == "radio" and any(one.dom_name == node.dom_name for one in found)
        if node.form == form and open_ and blank(node) and not group:
            found.append(node)
    return found


def entered_secret(hands: Hands, node: Node) -> bool:
    """Whether a password field, which always looks empty, was filled by an earlier step."""
    return node.input_type == "password" and (hands.page.url, _key(node)[0]) in hands.secrets


def _own_secret(hands: Hands, node: Node) -> str | None:
    plan = FieldValue(Phrase("", raw=""))
    return form_entries.in_force_for(hands, plan, node)


def _country(page: Observation, form: str | None) -> str:
    """The country that a form is set to, which a postcode or telephone number must suit."""
    named = [
        node
        for node in page.nodes
        if node.form == form and node.value and "country" in tokens(name_of(node))
    ]
    return (named[0].value or "") if named else ""


async def fill_in(hands: Hands, fields: tuple[FieldValue, ...]) -> list[tuple[str, str]]:
    """Fill the named fields of the form in hand only; gives what was filled."""
    touched: list[tuple[str, str]] = []
    for plan in fields:
        if plan.count > 1 or plan.relation in {Relation.SAME, Relation.DIFFERENT}:
            touched += await _several(hands, plan, max(plan.count, 2))
            continue
        inside = [node for node in hands.text_fields() if node.form == hands.form]
        ranked = sorted(inside, key=lambda node: -lexical(plan.field.text, name_of(node)))
        if not ranked or lexical(plan.field.text, name_of(ranked[0])) < _NAMED_WELL:
            raise Undone(f"I could not find “{plan.field.text}” in the form.")
        value = value_for(plan, ranked[0])
        if value is not None:
            await put(hands, ranked[0], value)
        touched.append(_key(ranked[0]))
    return touched


async def fill_all(hands: Hands, form: str | None, touched: Sequence[tuple[str, str]] = ()) -> None:
    """Fill a form: what it demands, or every text field when it marks none as required."""
    hands.form = form
    fields = [
        node
        for node in hands.page.nodes
        if (node.editable or node.options)
        and node.form == form
        and node.role in _TEXTUAL
        and is_empty(node)
    ]
    if any(is_required(node) for node in fields):
        await fill_rest(hands, list(touched))
        return
    done = set(touched)
    for _ in range(len(fields)):
        left = [
            node
            for node in hands.page.nodes
            if node.editable
            and node.form == hands.form
            and node.role in _TEXTUAL
            and is_empty(node)
            and _key(node) not in done
        ]
        if not left:
            return
        done.add(_key(left[0]))
        await put(hands, left[0], generate(left[0]))


def form_called(page: Observation, words: str) -> str | None:
    """The form whose heading, name or page sounds like the words, with at least two fields."""
    best: tuple[float, str] | None = None
    for form in (node for node in page.nodes if node.role == "form" or node.tag == "form"):
        inside = [node for node in page.nodes if node.form == form.ref and node.editable]
        texts = [node for node in inside if node.role in {"textbox", "combobox", "spinbutton"}]
        if all("search" in canonical(name_of(node)) for node in texts):
            continue
        if len(texts) < (2 if words else 1):
            continue
        names = [form.name, form.section, page.title, form.dom_id.replace("_", " ")]
        score = max((lexical(words, name) for name in names), default=0.0) if words else 0.8
        if best is None or score > best[0]:
            best = (score, form.ref)
    return best[1] if best is not None and best[0] >= 0.6 else None


def is_required(node: Node) -> bool:
    """Whether a field says that it must be filled."""
    return "required" in node.states or name_of(node).rstrip().endswith("*")


def is_empty(node: Node) -> bool:
    """Whether a field holds nothing yet. A password field always looks empty."""
    if node.options and node.role != "textbox":
        chosen = [option for option in node.options if option.selected]
        return not chosen or not chosen[0].value
    return not node.value


async def put(hands: Hands, node: Node, value: str) -> str:
    """Bring a value into a field by whatever the field is; gives the value that was used."""
    if node.input_type == "file":
        await hands.recorder.act(
            ActionKind.UPLOAD, node.ref, files=(upload(accept=node.constraints.get("accept", "")),)
        )
        hands.dirty = True
        return value
    if node.role in _CHOICES:
        await hands.do(ActionKind.CHECK, node.ref)
        return value
    if node.options and node.tag == "select":
        label = option_of(node, value)
        await hands.do(ActionKind.SELECT, node.ref, value=label)
        return label
    if node.role == "slider":
        await hands.do(ActionKind.SET_SLIDER, node.ref, value=value)
        return value
    await hands.do(ActionKind.TYPE, node.ref, value=value)
    return value


def option_of(node: Node, value: str) -> str:
    """The option that a value means. Raises Undone naming the options."""
    usable = [option for option in node.options if not option.disabled]
    for option in usable:
        if option.label.strip().lower() == value.strip().lower() or option.value == value:
            return option.label
    ranked = sorted(usable, key=lambda option: -lexical(value, option.label))
    if ranked and lexical(value, ranked[0].label) >= _NAMED_WELL:
        return ranked[0].label
    shown = ", ".join(f"“{option.label}”" for option in usable[:6])
    raise Undone(f"“{name_of(node)}” has no option “{value}”; it offers {shown}.")


async def _one(
    hands: Hands, plan: FieldValue, touched: list[tuple[str, str]], who: str
) -> list[tuple[str, str]]:
    if plan.size is not None or "file" in tokens(plan.field.text):
        return await _file(hands, plan)
    if plan.count > 1 or plan.relation in {Relation.SAME, Relation.DIFFERENT}:
        return await _several(hands, plan, max(plan.count, 2))
    node = await _field(hands, plan, touched)
    hands.form = node.form
    value = _credential_for(hands, plan, node, who)
    value = value or form_entries.in_force_for(hands, plan, node)
    asked = plan.value is None and plan.relation is Relation.ANY
    if value is None and asked and form_entries.asks_in_force(plan):
        raise Undone(f"I do not know whose {plan.field.text} is meant: nobody has signed in.")
    value = value or value_for(plan, node)
    if value is None:
        await hands.do(ActionKind.CLEAR, node.ref)
    else:
        await put(hands, node, value)
    return [_key(node)]


def best_named(fields: Sequence[Node], words: str) -> Node | None:
    """The field that the words name beyond doubt."""
    ranked = sorted(fields, key=lambda node: -_called(node, words))
    return ranked[0] if words and ranked and _called(ranked[0], words) >= _SURELY_NAMED else None


def _called(node: Node, words: str) -> float:
    names = (name_of(node), node.near, re.sub(r"[_-]", " ", node.dom_name))
    return max(lexical(words, name) for name in names)


def naming_field(fields: Sequence[Node]) -> Node | None:
    """The field for what a thing is called: it says so, or it is the first for a line of text."""
    lines = [node for node in fields if node.role == "textbox" and node.input_type in ("", "text")]
    says = [node for node in lines if set(canonical(name_of(node))) & _NAMING]
    return next(iter(says or lines), None)


def fields_named(hands: Hands, clause: Clause) -> tuple[FieldValue, ...]:
    """The fields that an unquoted text to enter lists by name ("user name and password"); none
    when it is a text."""
    if clause.objects or clause.quoted or not clause.value or "{{" in clause.value:
        return ()
    parts = [part for part in re.split(r"\s*(?:,|&|\band\b)\s*", clause.value) if part]
    nodes = [best_named(hands.text_fields(), part) for part in parts]
    found = {_key(node) for node in nodes if node is not None}
    if len(found) != len(parts):
        return ()
    return tuple(FieldValue(Phrase(part, raw=part)) for part in parts)


async def _field(hands: Hands, plan: FieldValue, touched: list[tuple[str, str]]) -> Node:
    phrase = plan.field
    if form_entries.asks_in_force(plan):
        forms = dict.fromkeys(node.form for node in signing.passwords(hands.page))
        asking = [form_entries.secret_in_force(hands.page, form) for form in forms]
        known = [node for node in asking if node is not None]
        if len(known) == 1:
            return known[0]
    if touched and hands.form is not None:
        # two forms may ask for the same: a step goes on where it began
        beside = [node for node in hands.text_fields() if node.form == hands.form]
        if (same := best_named(beside, phrase.text)) is not None:
            return same
    if not phrase.text and plan.value is not None:
        free = [node for node in hands.text_fields() if _key(node) not in touched]
        if len(free) == 1:
            return free[0]
    own = None
    if plan.value is None and plan.relation is Relation.ANY:
        own = form_entries.writing_field(hands, phrase, empty=True)
    if own is not None and not phrase.text:
        return own
    found = await hands.find(phrase, Verb.TYPE, value=plan.value)
    if found.choice is None and own is not None:
        return own
    if found.choice is None and (alike := _alike(hands, phrase)) is not None:
        return alike
    ref = await hands.need(phrase, Verb.TYPE, value=plan.value)
    return hands.page.node(ref)


def _alike(hands: Hands, phrase: Phrase) -> Node | None:
    """The only field of the page's main form whose name has the word in it (name: user name)."""
    word = "".join(tokens(phrase.text))
    fields = [node for node in hands.text_fields() if len(word) >= 4]
    hits = [node for node in fields if word in name_of(node).lower().replace(" ", "")]
    return hits[0] if len(hits) == 1 else None


def _credential_for(hands: Hands, plan: FieldValue, node: Node, who: str) -> str | None:
    """What a sign-in form takes where a step names its field and no value."""
    if plan.value is not None or plan.relation is not Relation.ANY:
        return None
    form = signing.login_form(hands.page)
    credential = signing.pick(hands.recorder.target.credentials, who)
    asks = {one.ref for one in find_forms(hands.page) if one.purpose is Purpose.LOGIN}
    if form is None or credential is None or node.form not in asks:
        return None  # one that makes an account asks for the same fields
    user, secret = form
    kind = {secret.ref: "password"} | ({user.ref: "username"} if user is not None else {})
    return f"{{{{config:{credential.name}.{kind[node.ref]}}}}}" if node.ref in kind else None


def value_for(plan: FieldValue, node: Node) -> str | None:
    """The template that a plan puts into a field; None to leave it empty."""
    if plan.relation is Relation.BLANK:
        return None
    if plan.relation is Relation.SPACES:
        return "   "
    if plan.value is not None:
        return plan.value
    if plan.relation in {Relation.WRONG, Relation.INVALID}:
        return wrong(node)
    if plan.relation is Relation.LONG:
        return "x" * (int(node.constraints.get("maxlength", "255")) + 10)
    return generate(node, plan.field.text)


async def _several(hands: Hands, plan: FieldValue, count: int) -> list[tuple[str, str]]:
    nodes = _named(hands, plan.field)
    if len(nodes) < count:
        await hands.need(plan.field, Verb.TYPE)
        nodes = _named(hands, plan.field)
    if len(nodes) < count:
        raise Undone(
            f"I looked for {count} fields called “{plan.field.text}” and found {len(nodes)}."
        )
    first = generate(nodes[0], plan.field.text)
    keys = []
    for index, key in enumerate([_key(node) for node in nodes[:count]]):
        node = next(item for item in hands.page.nodes if _key(item) == key)
        hands.form = node.form
        value = first
        if plan.value is not None:
            value = plan.value
        elif plan.relation is Relation.DIFFERENT and index:
            value = first + f"-{index + 1}"
        elif plan.relation is Relation.ANY and index:
            value = generate(node, plan.field.text, seed=str(index + 1))
            value = value if value != first else f"{value} {index + 1}"
        await put(hands, node, value)
        keys.append(key)
    return keys


def _named(hands: Hands, phrase: Phrase) -> list[Node]:
    """The fields of one form whose names say the phrase, most of them in one form first."""
    wanted = re.sub(r"s$", "", phrase.text.lower()) or phrase.text.lower()
    # several of one kind are the new password and its repetition, not the one that is in force
    skips = not form_entries.asks_in_force(FieldValue(phrase))
    scored = [
        node
        for node in hands.text_fields()
        if not (skips and _asks_in_force(hands, node))
        and max(
            lexical(wanted, name_of(node)),
            lexical(wanted, node.column),
            lexical(wanted, node.dom_name.replace("_", " ")),
            0.8 if "pass" in wanted and node.input_type == "password" else 0.0,
            0.7 * lexical(wanted, node.section),
        )
        >= _NAMED_WELL
    ]
    forms: dict[str | None, list[Node]] = {}
    for node in scored:
        forms.setdefault(node.form, []).append(node)
    if not forms:
        return []
    fields = max(forms.values(), key=len)
    columns = [node.column for node in fields if node.column]
    if columns:
        fields = [node for node in fields if node.column == columns[0]]
    return [node for node in fields if node.role == fields[0].role]


def _asks_in_force(hands: Hands, node: Node) -> bool:
    mine = form_entries.secret_in_force(hands.page, node.form)
    return mine is not None and mine.ref == node.ref


async def _file(hands: Hands, plan: FieldValue) -> list[tuple[str, str]]:
    inputs = [node for node in hands.page.nodes if node.input_type == "file"]
    if not inputs:
        await hands.need(Phrase("file", raw="file", role="file"), Verb.UPLOAD)
        inputs = [node for node in hands.page.nodes if node.input_type == "file"]
    if not inputs:
        raise Undone("I found no field that takes a file.")
    node = inputs[0]
    hands.form = node.form
    made = upload(plan.value or "", plan.size, node.constraints.get("accept", ""))
    await hands.recorder.act(ActionKind.UPLOAD, node.ref, files=(made,))
    hands.dirty = True
    return [_key(node)]


def _key(node: Node) -> tuple[str, str]:
    return (node.dom_id or node.dom_name or name_of(node), node.role)
