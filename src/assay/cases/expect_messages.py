"""Readers of clauses about what the page says: quoted texts, messages, values beside a label."""

from __future__ import annotations

import re

from assay.browser.model import ActionKind, Node
from assay.cases.expect_context import (
    Context,
    bundle,
    list_bundle,
    literal,
    proposals,
    text_assertion,
)
from assay.cases.expect_pages import page_is
from assay.cases.expect_words import (
    covers,
    error_like,
    is_bare,
    message_kind,
    negated,
    polarity_fits,
    quoted,
    success_like,
    surely,
    without_kind,
)
from assay.cases.items import Items, all_items
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import contains, equal, fold, number_of, numbers, stems, tokens
from assay.cases.trail import Proposed

_SAYS = (
    r"(?:says?|shows?|displays?|reads?|contains?|lists?|has|have|includes?|mentions?|greets?|"
    r"states?|tells?|is|are|starts? with|begins? with)"
)
_SEEN = (
    r"(?:\s+(?:is|are|was|were|gets?|becomes?|should be))?"
    r"\s+(?:now\s+)?(?:shown|displayed|visible|seen|listed|offered|present|there|given|appears?|"
    r"shows? up|in the (?:list|table|results?)|"
    r"comes? up|pops up|on the (?:page|screen)|in view)(?:\s+on the (?:page|screen))?"
)
_MESSAGE = re.compile(
    rf"^(?:an?\s+|the\s+|some\s+)?(?P<head>[^:]*?)(?:{_SEEN})?"
    r"(?:\s*:\s*|\s+(?:about|saying(?:\s+that)?|that\s+says|which\s+says|stating(?:\s+that)?|"
    r"telling(?:\s+that)?|reading|with(?:\s+the)?(?:\s+text)?|containing|mentioning|that|on|for|"
    r"says|reads|is|because)\s+)"
    r"(?P<content>.+)$",
    re.IGNORECASE,
)
_SEEN_END = re.compile(rf"{_SEEN}$", re.IGNORECASE)
_PAGE_SAYS = re.compile(
    rf"^(?:the\s+|a\s+)?(?P<subject>(?:[\w-]+\s+)*?(?:page|screen|site|heading|title|view))\s+"
    rf"(?:now\s+)?{_SAYS}\s+(?P<text>.+?)(?:\s+again)?$",
    re.IGNORECASE,
)
_REGION = re.compile(
    rf"^(?:the\s+)?(?P<region>[\w' -]+?)\s+(?:now\s+)?{_SAYS}\s+(?P<text>.+?)(?:\s+again)?$",
    re.IGNORECASE,
)
_LABELLED = re.compile(
    r"^(?:the\s+)?(?P<label>[A-Za-z_][\w ()#/-]*?)\s*"
    r"(?:=|:|\s+is(?:\s+now)?|\s+equals|\s+shows?|\s+reads|\s+becomes|\s+changes to|\s+of)?\s+"
    r"(?P<value>[$\u20ac\u00a3]?\s?-?\d[\d,]*(?:\.\d+)?\s?%?[\u20ac$\u00a3]?)$",
    re.IGNORECASE,
)


def read_literal(clause: str, context: Context) -> list[Proposed]:
    """The clause's own words stand on the page and are new there."""
    words = _SEEN_END.sub("", clause).strip()
    if quoted(words) or not _clean_literal(words):
        return []
    for place in reversed(context.main):
        for line in context.lines(place):
            shown = equal(line, words) if is_bare(words) else contains(line, words)
            if shown and polarity_fits(clause, line):
                found = context.propose(
                    text_assertion(context, words), f"“{words}” is shown", transient=True
                )
                return [found] if found is not None and not found.vacuous else []
    return []


def _clean_literal(words: str) -> bool:
    return not re.search(r"\b(?:one|two|every|each|only|more than|before|still)\b", fold(words))


def read_quoted(clause: str, context: Context) -> list[Proposed]:
    """For "Message ‘…’", "‘…’ is shown": what is quoted stands on the page, word for word."""
    texts = quoted(clause)
    rest = clause
    for text in texts:
        rest = re.sub(
            r"""['"\u201c\u2018`]""" + re.escape(text) + r"""['"\u201d\u2019`]""", "", rest
        )
    rest = _SEEN_END.sub("", " " + rest.strip()).strip(" :,.")
    allowed = (
        r"(?:(?:and|the|an?|text|label|page|heading|that|shown|is|says?|shows?|reads?|see)\b\s*)*"
    )
    if not texts or not (
        re.fullmatch(allowed, rest, re.I) or (message_kind(rest) and not without_kind(_drop(rest)))
    ):
        return []
    found = [
        context.propose(
            text_assertion(context, text), f"“{text}” is shown", transient=bool(message_kind(rest))
        )
        for text in texts
    ]
    return proposals(*found)


def _drop(rest: str) -> str:
    return re.sub(rf"\b(?:{_SAYS}|shown|visible|that|the|an?)\b", " ", rest)


def read_message(clause: str, context: Context) -> list[Proposed]:
    """For "Error note about …", "Success message", "Alert: …": a new text of that kind."""
    match = _MESSAGE.match(clause)
    if match and message_kind(match.group("head")):
        head, content = match.group("head"), match.group("content").strip(" '\"\u201c\u201d")
    else:
        head, content = _SEEN_END.sub("", clause), ""
    kind = message_kind(head)
    if kind is None or not _is_message_phrase(head):
        return []
    of_form = set(tokens(head)) & {"form", "field", "validation"}
    if of_form and not any(node.editable and node.form for node in context.now.nodes):
        return []
    wanted = tuple(stems(content))
    about = without_kind(head)
    best = _best_message(context, kind, wanted, about, content)
    return [best] if best is not None else []


def _is_message_phrase(head: str) -> bool:
    """The noun at the end names a message: not "the message list" or "error page"."""
    return message_kind(" ".join(re.findall(r"[\w-]+", head)[-2:])) is not None


def _best_message(
    context: Context, kind: str, wanted: tuple[str, ...], about: tuple[str, ...], content: str
) -> Proposed | None:
    for told in (True, False):
        for place in reversed(context.main):
            ranked: list[tuple[float, str]] = []
            opened = context.trail.moments[place].step.action is ActionKind.NAVIGATE
            if not told and opened and place != context.last:
                continue  # what a page that was opened on the way says anyway is no message
            for line in context.lines(place):
                notice = line in context.trail.moments[place].after.notices
                hint = _hinted(context, place, kind, line)
                if told is not (notice or hint > 0) or len(line) > 400:
                    continue
                told_so = kind == "neutral" and content and contains(line, content)
                if not told_so and not _fits_kind(context, place, kind, line, hint):
                    continue
                if not covers(line, wanted) or not _literals(content, line):
                    continue
                if not _about(context, place, about, line) or _is_control(context, place, line):
                    continue
                alike = context.similarity(content or " ".join(about) or kind, line)
                ranked.append((2.0 * notice + hint + alike / 2 - len(line) / 1000, line))
            for _, line in sorted(ranked, key=lambda entry: -entry[0]):
                found = _shown(context, line, content)
                if found is not None:
                    return found
    return None


def _is_control(context: Context, place: int, line: str) -> bool:
    """Whether a text is only what a link, button or heading of the page is called."""
    roles = {"link", "button", "menuitem", "tab", "option", "columnheader"}
    return any(
        node.role in roles and equal(node.name, line)
        for node in context.trail.moments[place].after.nodes
    )


def _literals(content: str, line: str) -> bool:
    return all(contains(line, number) for number in re.findall(r"\d[\d.,]*\d|\d", content))


def _shown(context: Context, line: str, clause: str) -> Proposed | None:
    text = steady(context, line, clause)
    rendered = context.render(text)
    if not text or not covers(rendered, tuple(stems(clause))) or not _literals(clause, rendered):
        return None
    found = context.propose(text_assertion(context, text), f"“{text}” is shown", transient=True)
    return found if found is not None and not found.vacuous else None


def _sentence(line: str, clause: str) -> str:
    """The one sentence of a longer text that has every word of the clause, if one does."""
    parts = re.split(r"(?<=[.!?])\s+(?=[A-Z\u201c\"'])", line)
    if len(parts) < 2:
        return line
    wanted = tuple(stems(clause))
    fitting = [part for part in parts if covers(part, wanted) and _literals(clause, part)]
    return fitting[0] if wanted and fitting else (parts[0] if len(parts[0]) > 12 else line)


def steady(context: Context, line: str, clause: str = "") -> str:
    """The part of a text that will be the same in the next run: no numbers nobody asked for."""
    # The cross that closes a message is read with it.
    line = _sentence(context.templated(line.strip(" \u00d7\u2715\u2716\u2a2f")), clause)
    asked = set(re.findall(r"\d+", clause)) | {
        number for item in context.trail.typed for number in re.findall(r"\d+", item.template)
    }
    pieces = re.split(r"(\{\{[^}]*\}\}[\w.@-]*|\S*\d\S*)", line)
    kept: list[str] = [""]
    for piece in pieces:
        loose = set(re.findall(r"\d+", re.sub(r"\{\{[^}]*\}\}", "", piece)))
        if loose and not loose <= asked:
            kept.append("")
        else:
            kept[-1] += piece
    wanted = tuple(stems(clause))
    whole = [part.strip(" ,;:#-") for part in kept if len(part.strip(" ,;:#-")) >= 4]
    covering = [part for part in whole if covers(part, wanted)] or whole
    best = max(covering, key=len, default="")
    return best if len(best) <= 200 else best[:200].rsplit(" ", 1)[0]


def _fits_kind(context: Context, place: int, kind: str, line: str, hint: float) -> bool:
    after = context.trail.moments[place].after
    notice = line in after.notices or any(
        dialog.message == line for dialog in context.trail.moments[place].effect.dialogs
    )
    if kind == "error":
        if hint > 0:
            return True
        praised = success_like(line) or _hinted(context, place, "success", line) > 0
        return not praised and (surely("error", line) or (notice and error_like(line)))
    if kind == "success":
        if _hinted(context, place, "error", line) > 0:
            return False
        return surely("success", line) or ((notice or hint > 0) and success_like(line))
    return notice or hint > 0 or surely("error", line) or surely("success", line)


def _hinted(context: Context, place: int, kind: str, line: str) -> float:
    """Whether the element that shows the text is marked as a message of the kind."""
    marks = {
        "error": ("error", "danger", "invalid", "warning"),
        "success": ("success",),
        "neutral": ("message", "alert", "notice", "toast", "flash"),
    }
    for node in context.trail.moments[place].after.nodes:
        if not (equal(node.text, line) or equal(node.own_text, line)):
            continue
        names = fold(" ".join((node.dom_id, *node.classes)))
        if any(mark in names for mark in marks.get(kind, ())):
            return 1.0
        if kind != "success" and node.role == "alert":
            return 0.5
    return 0.0


def _about(context: Context, place: int, about: tuple[str, ...], line: str) -> bool:
    """Words before "error" or "message" stand in the text, or name the page or form it is on."""
    missing = tuple(word for word in about if not covers(line, (word,)))
    if not missing:
        return True
    moment = context.trail.moments[place]
    around = f"{moment.after.title} {moment.after.url} {moment.before.title}"
    around = re.sub(r"[/_?=&.-]", " ", around)
    negative = {stem for word in ("mismatch", "invalid", "wrong", "not") for stem in stems(word)}
    return covers(around, missing) and not (set(missing) & negative)


def read_participle(clause: str, context: Context) -> list[Proposed]:
    """For "Saved", "Order placed", "User deleted": a new confirmation with these words."""
    words = re.sub(
        r"^(?:it|everything|the)\s+|\s+(?:is|are|was|were|has been)\b", "", clause, flags=re.I
    )
    if len(tokens(words)) > 5 or negated(words):
        return []
    wanted = tuple(stems(words))
    if not wanted or not any(success_like(word) for word in tokens(words)):
        return []
    best = _best_message(context, "success", wanted, (), "")
    return [best] if best is not None else []


def read_covered(clause: str, context: Context) -> list[Proposed]:
    """All words of the clause stand in one new text ("Basket is empty")."""
    words = _SEEN_END.sub("", clause)
    wanted = tuple(stems(words))
    if len(wanted) < 2 or re.search(r"\b(?:only|every|each|more than)\b", fold(words)):
        return []
    if number_of(tokens(words)[0]) not in {None, 0}:
        return []
    none = re.match(r"(?:no|none|nothing|zero)\b", fold(words)) is not None
    for place in reversed(context.main):
        fitting = [
            line
            for line in context.lines(place)
            if len(line) <= 300
            and covers(line, wanted)
            and _literals(clause, line)
            and negated(clause) == negated(line)
            and not line.rstrip().endswith("?")
            and ("will be" in fold(line)) == ("will be" in fold(clause))
            and (not none or re.search(r"\b(?:no|none|nothing|zero|not|any)\b", fold(line)))
        ]
        for line in sorted(fitting, key=len):
            found = _shown(context, line, clause)
            if found is not None:
                return [found]
    return []


def read_says(clause: str, context: Context) -> list[Proposed]:
    """For "The page says …", "user tools greet admin": a place of the page shows these words."""
    match = _PAGE_SAYS.match(clause)
    if match:
        text = match.group("text").strip(" '\"\u201c\u201d")
        found = _says(context, text)
        numbered = re.search(r"\d+", match.group("subject"))
        return found if not numbered else []
    match = _REGION.match(clause)
    if match is None:
        return []
    text = match.group("text").strip(" '\"\u201c\u201d")
    region = _region(context, match.group("region"), text)
    if region is None:
        named = [node.name or node.text for node in context.now.nodes if node.role == "heading"]
        here = any(equal(name, match.group("region")) for name in named)
        return _says(context, text) if here or page_is(context.now, match.group("region")) else []
    assertion = Assertion(
        AssertionKind.TEXT,
        text=context.templated(text),
        scope=bundle(context, context.now, region.ref, match.group("region")),
    )
    found_ = context.propose(assertion, f"{match.group('region')} shows “{text}”", ref=region.ref)
    return [found_] if found_ is not None else []


def _says(context: Context, text: str) -> list[Proposed]:
    if not literal(context, text):
        return []
    found = context.propose(text_assertion(context, text), f"The page shows “{text}”")
    return [found] if found is not None else []


def _region(context: Context, words: str, text: str) -> Node | None:
    wanted, squashed = set(stems(words)), re.sub(r"[^a-z0-9]", "", fold(words))
    best: Node | None = None
    for node in context.now.nodes:
        names = re.sub(
            r"[-_]",
            " ",
            " ".join((node.dom_id, *node.classes, node.label, node.landmark_name, node.name[:60])),
        )
        if not wanted or not (
            wanted <= set(stems(names)) or _run_together(squashed, (node.dom_id, *node.classes))
        ):
            continue
        if not contains(node.text or node.name, text):
            continue
        if best is None or len(node.text) < len(best.text):
            best = node
    return best


def _run_together(squashed: str, names: tuple[str, ...]) -> bool:
    """Whether a place is called so in one word ("sidemenu" for "side menu")."""
    return len(squashed) >= 6 and any(
        squashed in re.sub(r"[^a-z0-9]", "", fold(name)) for name in names
    )


def read_labelled(clause: str, context: Context) -> list[Proposed]:
    """For "Total 66.00", "n = 400": the value beside, or under, the thing of that name."""
    note = re.search(r"\s*\(([^)]*)\)\s*$", clause)
    if note and not _explained(context, note.group(1), clause[: note.start()]):
        return []
    match = _LABELLED.match(clause[: note.start()] if note else clause)
    if match is None:
        return []
    label, value = match.group("label").strip(), match.group("value").strip()
    if re.match(r"0\d", value):
        return []
    for items in all_items(context.now):
        place = items.column(label) if items.columns else None
        if place is None or not items.cells:
            continue
        cells = [row[place] if place < len(row) else "" for row in items.cells]
        if len(cells) == 1 and equal(cells[0], value):
            assertion = Assertion(
                AssertionKind.CELL, text=value, column=items.columns[place], exact=True
            )
            found = context.propose(assertion, f"“{label}” is {value}")
            return [found] if found is not None else []
    return _beside(context, label, value)


def _beside(context: Context, label: str, value: str) -> list[Proposed]:
    wanted = tuple(stems(label))
    best: tuple[int, str, Items] | None = None
    for items in all_items(context.now):
        for cells in items.cells:
            heads = [cell for cell in cells if _is_label(cell, wanted)]
            if heads and any(_is_value(cell, value) for cell in cells if cell not in heads):
                head = min(heads, key=len)
                if best is None or len(head) < best[0]:
                    best = (len(head), head, items)
    if best is not None:
        # Only there: a larger card around the list may well have the value for another thing.
        scope = list_bundle(context, context.now, best[2])
        assertion = Assertion(AssertionKind.CELL, row=best[1], text=value, scope=scope)
        found = context.propose(assertion, f"“{best[1]}” is {value}")
        return [found] if found is not None else []
    lines = [line for line in context.now.text.splitlines() if _follows(line, wanted, value)]
    if lines:
        line = min(lines, key=len)
        if len(numbers(line)) <= 2:
            found = context.propose(text_assertion(context, line), f"“{line}” is shown")
            return [found] if found is not None else []
    return _labelled_node(context, wanted, value)


def _is_label(cell: str, wanted: tuple[str, ...]) -> bool:
    """Whether a cell only says what the value beside it is ("Order total" for "total")."""
    words = stems(cell)
    return covers(cell, wanted) and len(words) <= len(wanted) + 2 and not re.search(r"\d", cell)


def _is_value(cell: str, value: str) -> bool:
    return contains(cell, value) and len(numbers(cell)) == 1


def _follows(line: str, wanted: tuple[str, ...], value: str) -> bool:
    """Whether a line has the label shortly before the value and no other number between."""
    head, found, _ = fold(line).partition(fold(value))
    near = head[-40:]
    return bool(found) and contains(line, value) and covers(near, wanted) and not numbers(near)


def _labelled_node(context: Context, wanted: tuple[str, ...], value: str) -> list[Proposed]:
    """A field, or an element named or classed by the label, that has the value."""
    for node in sorted(context.now.nodes, key=lambda item: len(item.text)):
        names = re.sub(r"[-_]", " ", " ".join((node.label, node.dom_id, *node.classes, node.near)))
        if not covers(names, wanted):
            continue
        target = bundle(context, context.now, node.ref, " ".join(wanted))
        if node.value is not None and equal(node.value, value):
            assertion = Assertion(AssertionKind.VALUE, text=value, target=target)
        elif len(numbers(node.text)) == 1 and contains(node.text, value):
            assertion = Assertion(AssertionKind.TEXT, text=value, scope=target)
        else:
            continue
        found = context.propose(assertion, f"{' '.join(wanted)} is {value}", ref=node.ref)
        return [found] if found is not None else []
    return []


def _explained(context: Context, note: str, clause: str) -> bool:
    """Whether a note in brackets is borne out: it stands on the page, or its percentage works out
    against the numbers that were there before."""
    if literal(context, note):
        return True
    share = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*(?:off|discount|less|reduction)\s*", note, re.I)
    value = numbers(clause)
    if share is None or not value or context.before is None:
        return False
    factor = 1 - float(share.group(1)) / 100
    return any(abs(old * factor - value[-1]) < 0.006 for old in numbers(context.before.text))
