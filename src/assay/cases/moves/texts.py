"""Text itself as what is worked on: selected, copied, pasted, given a style."""

from __future__ import annotations

import re
from itertools import count

from assay.browser.model import ActionKind, Node, Observation
from assay.cases.clauses import Clause, Verb
from assay.cases.hands import Hands, Undone, phrase_of
from assay.cases.model import Extraction
from assay.cases.pageindex import contains_words
from assay.cases.signals import name_score
from assay.cases.words import lexical

_LEAD = re.compile(
    r"(?i)^(?:the )?(?:text|value|contents?|words?)\s*(?:in|of|from)?\s*(?:the )?"
    r"|\s+(?:below|above)$"
)
_PROSE = {"paragraph", "heading", "listitem", "blockquote", "article", "code", "term"}


async def copy(hands: Hands, clause: Clause) -> None:
    """Read the text of a field or block, anew in each run. Raises Undone when there is none."""
    words = _LEAD.sub("", phrase_of(clause).raw)
    node = _holder(hands.page, words)
    if node is None:
        raise Undone(f"I found no text to copy in “{words or 'the page'}”.")
    value = node.value or node.text
    bundle = await hands.recorder.session.bundle(node.ref, "what is copied", (value,))
    kind = "value" if node.value else "text"
    known = hands.recorder.variables
    name = next(one for one in (f"copied {at}" for at in count(1)) if one not in known)
    await hands.recorder.extract(Extraction(name, kind, target=bundle), value, clause.text)
    hands.source = node.ref


def _holder(page: Observation, words: str) -> Node | None:
    """The field or block that text is copied from: a text area if that is what it is called."""
    large = bool(re.search(r"(?i)text ?area", words))
    fields = [node for node in page.nodes if node.editable and (node.value or "").strip()]
    fitting = [node for node in fields if (node.tag == "textarea") == large] or fields
    bare = re.sub(r"(?i)\b(?:text ?(?:area|box|field)|field|box|input)\b", "", words).strip()
    named = [node for node in fitting if bare and name_score(bare, node)[0] >= 0.6]
    if named or (fitting and not bare):
        return (named or fitting)[0]
    blocks = [node for node in page.nodes if node.text and not node.interactive]
    ranked = sorted(blocks, key=lambda node: -name_score(bare or words, node)[0])
    return ranked[0] if ranked and name_score(bare or words, ranked[0])[0] >= 0.6 else None


async def paste(hands: Hands, clause: Clause) -> None:
    """Enter what was copied last. Raises Undone when nothing was, or no field takes it."""
    name = next(reversed(hands.recorder.variables), None)
    if name is None:
        raise Undone("Nothing was copied before.")
    found = await hands.find(phrase_of(clause), Verb.TYPE, place=clause.place)
    choice = found.choice.ref if found.choice is not None else None
    if choice is None or choice == hands.source:
        fields = [node for node in hands.text_fields() if node.ref != hands.source]
        small = [node for node in fields if node.tag == "input"] or fields
        if not small:
            raise Undone("I found no field to paste into.")
        choice = small[0].ref
    await hands.do(ActionKind.TYPE, choice, value=f"{{{{var:{name}}}}}")


async def highlight(hands: Hands, clause: Clause) -> None:
    """Select the text of a block, or a part of it. Raises Undone when there is no such block."""
    phrase, part = phrase_of(clause), clause.value or ""
    blocks = [node for node in hands.page.nodes if node.role in _PROSE and node.text]
    blocks = [node for node in blocks if not part or contains_words(node.text, part)]
    named = [node for node in blocks if lexical(phrase.text, node.role) >= 0.8]
    blocks = named or blocks
    if phrase.ordinal is not None and 0 < phrase.ordinal <= len(blocks):
        blocks = [blocks[phrase.ordinal - 1]]
    if not blocks:
        texts = [n for n in hands.page.nodes if n.own_text and not n.interactive]
        blocks = sorted(texts, key=lambda node: -len(node.own_text))[:1]
    if not blocks:
        raise Undone("I found no text to select.")
    if len(blocks) > 1 and not part:
        raise Undone(f"There are {len(blocks)} blocks of text; say which by its number.")
    await hands.do(ActionKind.SELECT_TEXT, blocks[0].ref, value=part)


async def style(hands: Hands, clause: Clause) -> None:
    """Give text in a rich text editor a style by its toolbar. Raises Undone."""
    editors = [n for n in hands.page.nodes if n.editable and n.tag not in ("input", "textarea")]
    editor = next((one for one in editors if (one.text or one.value or "").strip()), None)
    if editor is None:
        raise Undone("I found no rich text editor with text in it.")
    word = phrase_of(clause).text
    await hands.do(ActionKind.SELECT_TEXT, editor.ref, value=clause.value or "")
    buttons = [node for node in hands.page.nodes if node.interactive and not node.editable]
    ranked = sorted(buttons, key=lambda node: -_called(word, node))
    if not ranked or _called(word, ranked[0]) < 0.7:
        raise Undone(f"The editor has no control for {word}.")
    await hands.do(ActionKind.CLICK, ranked[0].ref)


def _called(style_: str, node: Node) -> float:
    """How surely a control gives a style: by its name, its sign, or a class such as ``ql-bold``."""
    sign = {"bold": "b", "italic": "i", "underline": "u", "strike": "s"}[style_]
    if (node.name or node.text).strip().lower() == sign:
        return 0.95
    words = {w for one in (*node.classes, node.title) for w in re.split(r"[^a-z]+", one.lower())}
    return 0.9 if style_ in words else name_score(style_, node)[0]
