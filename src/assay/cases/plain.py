"""Plain English manual tests, taken apart into clauses. No page is looked at here."""

from __future__ import annotations

import re
from dataclasses import replace

from assay.cases.clauses import CaseText, Clause, Phrase, Place, Relation, Verb
from assay.cases.keeping import with_kept
from assay.cases.lexicon import leading_verb, name_when_alone, strip_lead
from assay.cases.lines import read_line
from assay.cases.masks import ANY, QUOTE, Masks
from assay.cases.moves.reading import read_moves
from assay.cases.phrases import looks_like_fields, parse_phrase
from assay.cases.plainstyle import read_plain
from assay.cases.reading import read_piece, read_usual
from assay.cases.reading_entries import with_antecedents
from assay.cases.sections import Sections, split_sections, split_statements

_JOINT = re.compile(
    r"(\s*;\s*|\s*\n\s*|,?\s+(?:and\s+)?then\s+|,(?!\d)\s*(?:and\s+)?"
    r"|(?<!\b[a-zA-Z])[.!]\s+(?=\S)|\s+(?:>|→|->|»|=>)\s+|\s*[→»]\s*)"
)
_CONTEXT = re.compile(r"^(?P<where>[^:;,>]{1,60}):\s+(?P<rest>\S.*)$", re.S)
_ON_PAGE = re.compile(
    r"(?i)^(?:on|in|at|from|within|under|inside|using)\s+(?:the\s+)?"
    r"(?P<where>[^,]{1,50}?\s?(?P<kind>page|screen|view|list|section|dialog|modal|popup|form|row|table|"
    r"sidebar|menu|panel|card))\s*,\s+(?P<rest>\S.*)$",
    re.S,
)
_GROUPED = re.compile(
    r"(?i)^(?P<what>.+?)\s+(?P<how>faceted|grouped|sorted|ordered|filtered)\s+by\s+(?P<by>.+)$"
)
_GROUP_VERBS = {
    "faceted": Verb.FACET,
    "grouped": Verb.FACET,
    "sorted": Verb.SORT,
    "ordered": Verb.SORT,
    "filtered": Verb.FILTER,
}
_FITTING = re.compile(
    r"(?i)\ban?\s+(?:new\s+)?(?P<what>[a-z][\w-]*)\s+(?:that|which)\s+"
    r"(?:fits?|meets|matches|satisfies|follows|keeps)\s+(?:the\s+|all\s+|its\s+)*"
    r"(?:password\s+)?(?:rules?|polic(?:y|ies)|requirements?|conditions?)\b"
)
_GLANCE = re.compile(
    r"(?i)^(?:have a |take a )?(?:look|glance) (?:at|over|around|through|in)\b(?: (?:the|its|my))?"
    r"(?: (?:menus?|page|list|table|screen|header|footer|results?|messages?|navigation|top|bottom|"
    r"side ?bar|tool ?bar|site))*$"
)
_STEP_LABEL = re.compile(r"(?i)^\s*(?:step\s*\d+\s*[:.)\-]|\d{1,3}\s*[.)]|[-*•]|\(\d{1,3}\))\s+")
_CARRIED = frozenset(
    {
        Verb.TYPE,
        Verb.SEARCH,
        Verb.ADD,
        Verb.CHECK,
        Verb.UNCHECK,
        Verb.SELECT,
        Verb.DELETE,
        Verb.CLICK,
        Verb.UPLOAD,
        Verb.OPEN,
        Verb.APPLY,
        Verb.RUN,
    }
)
_LOGIN_WORDS = re.compile(r"(?i)log[\s-]?in|sign[\s-]?in|logon|authenticat")
_REGISTER_WORDS = re.compile(r"(?i)regist|sign[\s-]?up|new account|create account")


def parse_case(text: str) -> CaseText:
    """Take a whole manual test case apart: name, preconditions, steps and expected results."""
    masks = Masks()
    sections = split_sections(with_kept(text))
    clauses: list[Clause] = []
    for step in sections.steps:
        made = _clauses(_STEP_LABEL.sub("", step.text), masks)
        if made and step.expected:
            made[-1] = replace(made[-1], expected=(*made[-1].expected, *step.expected))
        clauses.extend(made)
    steps = _in_context(with_antecedents(clauses), sections)
    steps, expected = _spread(steps, sections.expected)
    return CaseText(sections.name, sections.preconditions, tuple(steps), expected, text)


def parse_steps(text: str) -> tuple[Clause, ...]:
    """Take steps apart, one line or many, without headings."""
    masks = Masks()
    clauses: list[Clause] = []
    for line in split_statements(with_kept(text)):
        clauses.extend(_clauses(_STEP_LABEL.sub("", line), masks))
    return tuple(with_antecedents(clauses))


def _clauses(text: str, masks: Masks) -> list[Clause]:
    masked = masks.mask(_FITTING.sub(r"a valid \g<what>", text.strip())).rstrip(" .;,")
    own = read_line(masked, masks)
    if own is None:
        return read_plain(masked, masks) or read_moves(masked, masks, _read)
    usual = read_plain(masked, masks) or read_moves(masked, masks, read_usual)
    return [replace(own, alternatives=(tuple(usual),))]


def _read(masked: str, masks: Masks) -> list[Clause]:
    context, rest = _context(masked, masks)
    pieces = _pieces(rest, masks)
    made: list[Clause] = list(context)
    trail = len(pieces) > 1 and any(joint == ">" for joint, _ in pieces)
    for at, (joint, piece) in enumerate(pieces):
        inner, tail = _context(piece, masks) if at else ([], piece)
        made.extend(inner)
        crumb = joint == ">" or (trail and at + 1 < len(pieces) and pieces[at + 1][0] == ">")
        _append(made, tail, joint, crumb, masks)
    return made


def _pieces(masked: str, masks: Masks) -> list[tuple[str, str]]:
    """Pieces with the joint before each: ``>``, ``then``, ``,``, ``;``, ``.``, ``and`` or none."""
    parts = _JOINT.split(masked)
    pieces: list[tuple[str, str]] = []
    joint = ""
    for at, part in enumerate(parts):
        if at % 2:
            low = part.strip().lower()
            joint = (
                ">"
                if low in (">", "→", "->", "»", "=>")
                else "then"
                if "then" in low
                else low[:1] or "\n"
            )
            continue
        for number, piece in enumerate(_split_and(part)):
            if piece.strip():
                pieces.append(("and" if number else joint, piece.strip()))
    return _rejoined(pieces, masks)


def _split_and(text: str) -> list[str]:
    """Cut at "and" only where a new order begins: not in "Save and continue", "date and time"."""
    found: list[str] = []
    rest = text
    start = 0
    for match in re.finditer(r"(?i)\s+(?:and|&|\+)\s+(?:then\s+|also\s+)?", text):
        left, right = text[start : match.start()].strip(), text[match.end() :].strip()
        finding = re.fullmatch(r"(?i)(?:then |to )*(?:find|locate)", left) is not None
        if not finding and _begins_order(right) and (_orders(left) or _plain_order(right)):
            found.append(left)
            start = match.end()
            rest = text[start:]
    return [*found, rest] if found else [text]


def _orders(left: str) -> bool:
    body = strip_lead(left)
    found = leading_verb(body)
    return found is not None and (
        found[1] < len(body) or found[0] in (Verb.SUBMIT, Verb.RELOAD, Verb.BACK)
    )


def _plain_order(right: str) -> bool:
    """A verb that is never part of a name, with something behind it."""
    found = leading_verb(strip_lead(right))
    return (
        found is not None
        and found[0] in (Verb.CLICK, Verb.TYPE, Verb.SUBMIT)
        and len(right.split()) > 1
    )


def _begins_order(right: str) -> bool:
    body = strip_lead(right)
    found = leading_verb(body)
    if found is None:
        return False
    if found[1] >= len(body):
        return body[:1].isupper() or found[0] in (
            Verb.SUBMIT,
            Verb.RELOAD,
            Verb.CONFIRM,
            Verb.LOG_IN,
            Verb.BACK,
            Verb.WAIT,
        )
    following = body[found[1] :].strip().lower()
    return not following.startswith(("field", "box", "button", "number", "and "))


def _rejoined(pieces: list[tuple[str, str]], masks: Masks) -> list[tuple[str, str]]:
    """Put back what commas cut apart: lists of fields that belong to the verb before them."""
    joined: list[tuple[str, str]] = []
    for joint, piece in pieces:
        if joined and joint in (",", "and") and _continues(joined[-1][1], piece, masks):
            joined[-1] = (joined[-1][0], f"{joined[-1][1]}, {piece}")
        else:
            joined.append((joint, piece))
    return joined


def _continues(before: str, piece: str, masks: Masks) -> bool:
    body = strip_lead(before)
    found = leading_verb(body)
    if found is None:
        return False
    verb, size = found
    bare = not leading_verb(strip_lead(piece))
    if verb in (Verb.TYPE, Verb.FILL_FORM, Verb.FILTER) and size < len(body):
        if not bare or re.fullmatch(QUOTE, piece) or re.fullmatch(rf"{QUOTE}\s+\w+", piece):
            return False
        return looks_like_fields(piece, masks)
    if verb in (Verb.CHECK, Verb.UNCHECK, Verb.SELECT) and size < len(body) and bare:
        return re.fullmatch(rf"(?:and\s+)?(?:{QUOTE}|\d+)", piece) is not None
    if re.search(r"(?i)\swith\s", before) and bare:
        return looks_like_fields(piece, masks)
    return False


def _append(made: list[Clause], piece: str, joint: str, crumb: bool, masks: Masks) -> None:
    body = strip_lead(piece)
    if _GLANCE.match(body):
        return  # whoever looks does nothing
    bare = leading_verb(body) is None or (name_when_alone(body) and not crumb)
    last = next((one for one in reversed(made) if one.verb is not Verb.PRESS), None)
    if crumb and (bare or len(body.split()) <= 3):
        made.append(_crumb(piece, masks))
        return
    if bare and last is not None and last.verb in _CARRIED and _is_carried(body, joint, last):
        word = _carry_word(last.text)
        made.extend(
            replace(one, text=masks.raw(piece)) for one in read_piece(f"{word} {body}", masks)
        )
        return
    made.extend(read_piece(piece, masks))


def _is_carried(body: str, joint: str, last: Clause) -> bool:
    quoted = re.match(rf"^(?:and\s+)?{QUOTE}", body) is not None
    if quoted and last.verb is not Verb.OPEN:
        return True
    if joint == "then" and last.verb in (Verb.SEARCH, Verb.TYPE, Verb.ADD, Verb.APPLY):
        return re.fullmatch(
            r"[a-z0-9][\w\-]*(?: [a-z0-9][\w\-]*)?", body
        ) is not None and not name_when_alone(body)
    return False


def _carry_word(text: str) -> str:
    return text.split(maxsplit=1)[0]


def _crumb(piece: str, masks: Masks) -> Clause:
    phrase = parse_phrase(piece, masks)
    name = (
        phrase
        if phrase.quoted
        else Phrase(
            masks.content(piece).strip(),
            raw=masks.content(piece).strip(),
            aside=phrase.aside,
            number=phrase.number,
        )
    )
    return Clause(masks.raw(piece), Verb.OPEN, objects=(name,), quoted=masks.literals(piece))


def _context(masked: str, masks: Masks) -> tuple[list[Clause], str]:
    """What "products: …" and "On the X page, …" say about where, and what is left to do."""
    match = _ON_PAGE.match(masked)
    if match is not None:
        kind = match["kind"].lower()
        if kind in ("page", "screen", "view", "list"):
            return [_soft(match["where"], masks)], match["rest"]
        phrase = parse_phrase(match["where"], masks)
        place = Place(
            phrase.text,
            "dialog" if kind in ("modal", "popup") else kind,
            phrase.ordinal,
            phrase.quoted,
        )
        return [], _placed(match["rest"], place)
    match = _CONTEXT.match(masked)
    if match is None or leading_verb(strip_lead(match["where"])) is not None:
        return [], masked
    if re.fullmatch(r"(?i)\s*(?:step|note|action|data|test data|actions?)\s*\d*", match["where"]):
        return [], match["rest"]
    grouped = _GROUPED.match(match["where"])
    if grouped is not None:
        word = grouped["how"].lower()
        verb = _GROUP_VERBS[word]
        by = read_piece(f"{verb.value} by {grouped['by']}", masks)
        by = [
            replace(one, text=masks.raw(f"{word} by {grouped['by']}"), soft=True, alternatives=())
            for one in by
        ]
        return [_soft(grouped["what"], masks), *by], match["rest"]
    return [_soft(match["where"], masks)], match["rest"]


def _placed(rest: str, place: Place) -> str:
    name = f"{place.text} {place.kind}".strip()
    return rest if re.search(ANY + "$", place.text) else f"{rest} in the {name}"


def _soft(where: str, masks: Masks) -> Clause:
    phrase = parse_phrase(where, masks)
    return Clause(
        masks.raw(where).strip(), Verb.OPEN, objects=(phrase,), role_hint=phrase.role, soft=True
    )


def _in_context(clauses: list[Clause], sections: Sections) -> list[Clause]:
    """Readings that need the whole case: faulty credentials alone, "Log in" after filling."""
    hint = f"{sections.name} {' '.join(sections.expected)}"
    wide = f"{hint} {' '.join(sections.preconditions)}"
    result: list[Clause] = []
    filled = False
    for clause in clauses:
        faulty = [
            one
            for one in clause.fields
            if "password" in one.field.text.lower()
            and one.relation in (Relation.WRONG, Relation.DIFFERENT, Relation.INVALID)
        ]
        if clause.verb is Verb.FILL_FORM and faulty and len(clauses) == 1:
            if faulty[0].relation is Relation.DIFFERENT and not _LOGIN_WORDS.search(sections.name):
                signs_up = _REGISTER_WORDS.search(hint) or "logged out" in wide.lower()
                clause = replace(clause, verb=Verb.REGISTER if signs_up else clause.verb)
            elif not _REGISTER_WORDS.search(sections.name):
                clause = replace(clause, verb=Verb.LOG_IN)
        bare = clause.verb in (Verb.LOG_IN, Verb.REGISTER) and not clause.who and not clause.fields
        if bare and filled and clause.alternatives:
            clause = replace(
                clause.alternatives[0][0], alternatives=((replace(clause, alternatives=()),),)
            )
        if clause.verb in (Verb.TYPE, Verb.FILL_FORM):
            filled = True
        result.append(clause)
    return result


def _spread(steps: list[Clause], expected: tuple[str, ...]) -> tuple[list[Clause], tuple[str, ...]]:
    """Give "8 products, then none" to the two steps that it speaks of."""
    left: list[str] = []
    for line in expected:
        stages = re.split(r"(?i)\s*,?\s+(?:and\s+)?then\s+", line)
        at = _stages_of(steps, len(stages)) if len(stages) > 1 else None
        if at is None:
            left.append(line)
            continue
        full = [_unelided(stage, stages[0]) for stage in stages]
        if len(at) == 1:
            one = steps[at[0]]
            steps[at[0] : at[0] + 1] = [
                replace(one, times=1, expected=(*one.expected, stage)) for stage in full
            ]
        else:
            for index, stage in zip(at, full, strict=True):
                steps[index] = replace(steps[index], expected=(*steps[index].expected, stage))
    return steps, tuple(left)


def _stages_of(steps: list[Clause], count: int) -> list[int] | None:
    """The one clause done ``count`` times, or ``count`` clauses of one verb."""
    for index, clause in enumerate(steps):
        if clause.times == count:
            return [index]
    for verb in dict.fromkeys(clause.verb for clause in steps):
        same = [index for index, clause in enumerate(steps) if clause.verb is verb]
        if len(same) == count:
            return same
    return None


def _unelided(stage: str, first: str) -> str:
    if stage.strip(" .").lower() not in ("none", "no", "nothing", "zero", "0"):
        return stage
    counted = re.match(
        r"(?i)^(?P<many>\d+|all|every|both|one|two|three|four|five)\s+(?P<rest>.+)$", first
    )
    if counted is None:
        return stage
    lead = "None" if counted["many"].lower() in ("all", "every", "both") else "No"
    return f"{lead} {counted['rest']}"
