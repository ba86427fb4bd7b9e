"""Reads a chat message with rules alone: what is asked for, in order. Pure; knows no feature.

A message that no rule reads is ``Unknown``: it is never guessed into an action.
"""

from __future__ import annotations

import re

from assay.brain import english, pasted, phrases, sentences, steadiness, subjects
from assay.brain.follow_ups import follow_up
from assay.brain.intents import (
    Context,
    CreateFromSteps,
    CreateTests,
    CredentialsGiven,
    Explore,
    Greeting,
    Help,
    Intent,
    LastRun,
    ListCredentials,
    ListTests,
    Puzzle,
    Run,
    ShowTest,
    Unknown,
    Which,
)
from assay.brain.segments import split
from assay.brain.subjects import CONFIG, NOUN, URL

# A request is a sentence; bounds keep hostile messages from costing more than a few milliseconds.
_READ = 4000
_REQUESTS = 20
_SENTENCE = 600


_TEST_WITH_CONFIG = re.compile(
    r"\b(tests?(?: cases?)?)\s+(?:with|using|as|for)\s+(?:the\s+)?config\s+“[^”]*”", re.IGNORECASE
)


def understand(message: str, context: Context | None = None) -> tuple[Intent, ...]:
    """What a message asks for, in the order in which it should be done; never empty."""
    context = context or Context()
    text = message.strip()
    puzzle = _puzzle(text)
    if puzzle is not None:
        return (Unknown(text, puzzle),)
    text = pasted.features_in_a_list(text) or text
    if pasted.looks_pasted(text):
        return _from_steps(text)
    steps = sentences.as_steps(text) if len(text) <= _READ else None
    if steps is not None:
        return (steps,)
    found: list[Intent] = []
    configs = tuple(dict.fromkeys((*CONFIG.findall(text), *context.stored)))
    # "a login test with config X": the config is not what is tested.
    bare = _TEST_WITH_CONFIG.sub(r"\1", text[:_READ])
    for segment in split(bare)[:_REQUESTS]:
        intent = _segment(segment, context, tuple(found))
        if intent is not None:
            found.append(intent)
    return _settled(found, configs, text)


def _puzzle(text: str) -> Puzzle | None:
    if not re.search(r"\w|\?", text):
        return Puzzle.EMPTY
    if phrases.OVERRIDE.search(text):
        return Puzzle.OVERRIDE
    lines = [line for line in text.splitlines() if line.strip()]
    code = sum(1 for line in lines if phrases.CODE_LINE.search(line))
    if code and code * 2 >= len(lines):
        return Puzzle.CODE
    if english.foreign(URL.sub(" ", text)):
        return Puzzle.LANGUAGE
    return None


def _from_steps(text: str) -> tuple[Intent, ...]:
    cut, then_run = pasted.split_off_run(text)
    cases: tuple[Intent, ...] = pasted.cases_in(cut)
    return (*cases, Run(Which.RECENT)) if then_run else cases


def _settled(found: list[Intent], configs: tuple[str, ...], text: str) -> tuple[Intent, ...]:
    """The intents without small talk, with credentials joined to what they are for."""
    real: list[Intent] = [one for one in found if not isinstance(one, (Greeting, Help))]
    real = real or found[:1]
    wanted: list[Intent] = [one for one in real if not isinstance(one, CredentialsGiven)]
    real = wanted or real
    if all(isinstance(one, (Greeting, Unknown)) for one in real) and configs and _about_login(text):
        return (CredentialsGiven(configs),)
    out: list[Intent] = []
    for intent in real:
        if isinstance(intent, CreateTests) and configs and not CONFIG.search(intent.hints):
            named = ", ".join(f"config “{name}”" for name in configs)
            hints = f"{intent.hints}, log in with {named}".strip(", ")
            intent = CreateTests(intent.features, intent.count, intent.negative, hints, intent.name)
        if intent not in out:
            out.append(intent)
    return tuple(out) or (Unknown(text),)


def _about_login(text: str) -> bool:
    rest = CONFIG.sub(" ", text)
    return not re.search(r"\b(?:delete|run|create|explore)\b", rest, re.IGNORECASE)


def _segment(segment: str, context: Context, earlier: tuple[Intent, ...]) -> Intent | None:
    if len(segment) > _SENTENCE:
        return Unknown(segment)
    said = english.bare(segment)
    whole = " ".join(segment.split()).strip(" \t.,;:!")
    if not said or phrases.THANKS.match(whole) or phrases.GREETING.match(whole):
        return Greeting(thanks=bool(phrases.THANKS.match(whole)))
    if phrases.DESTRUCTIVE.match(said):
        return Unknown(said, Puzzle.DESTRUCTIVE)
    if URL.sub("", said).strip(" .,:") == "" and URL.search(said):
        return Explore(suggest=True)
    if CONFIG.search(said) and not re.search(rf"\b{NOUN}\b", CONFIG.sub("", said), re.I):
        used = _credentials_only(said)
        if used is not None:
            return used
    question = said.rstrip(" ?!.")
    return (
        _talk(question)
        or steadiness.certify(question, context, earlier)
        or follow_up(whole, question, context, earlier)
        or _run(question, context, earlier)
        or _look(question, context)
        or _create(question, context)
        or sentences.as_requirement(question)
        or Unknown(said)
    )


def _credentials_only(said: str) -> Intent | None:
    rest = CONFIG.sub(" ", said)
    words = re.sub(
        r"\b(?:log(?:ging)?|sign(?:ing)?|in(?:to)?|on|use|using|with|as|the|user|account|credentials?|"
        r"login|is|are|here|my|our|these|this|for|it|to|and|or|test|admin|password|username|by|so|"
        r"you|can|must|should|have|site|app|page|application|config|save|store|remember|keep|shop|"
        r"api|token|preconditions?|key|bearer|http|authentication|following|first|do|need|needed|if)\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    if re.search(r"[A-Za-z]{3,}", words):
        return None
    return CredentialsGiven(tuple(CONFIG.findall(said)))


def _talk(said: str) -> Intent | None:
    if phrases.HELP.match(said) or not said:
        return Help()
    if phrases.SUGGEST.search(said) and not phrases.CREATE_TESTS.match(said):
        return Explore(suggest=True)
    if phrases.LIST.match(said):
        return ListTests()
    if phrases.LIST_CONFIGS.match(said):
        return ListCredentials()
    if phrases.LAST_RUN.search(said):
        return LastRun(focus=_focus(said))
    return None


def _focus(said: str) -> str:
    names = subjects.quoted_names(said)
    if names:
        return names[0]
    match = re.search(
        r"\bwhy\s+(?:did|does|is|was|has)\s+(?:the\s+|my\s+)?(.+?)(?:\s+tests?)?\s+"
        r"(?:fail|red|broken|break|not|still|keep|a\s+draft|flaky)",
        said,
        re.IGNORECASE,
    )
    focus = match.group(1).strip() if match else ""
    pronoun = re.fullmatch(
        r"it|they|that|this|them|these|those|tests?|(?:last |the )*run", focus, re.I
    )
    return "" if pronoun else focus


def _run(said: str, context: Context, earlier: tuple[Intent, ...]) -> Intent | None:
    match = phrases.RUN.match(said)
    if match is None:
        return None
    rest = match.group(1).strip(" .!,")
    rest = re.sub(
        r"\b(?:now|again|please|once|once more|right away|for me)\b", "", rest, flags=re.I
    )
    rest = " ".join(rest.split())
    ids = tuple(phrases.ID.findall(rest))
    names = subjects.quoted_names(rest)
    if ids or names:
        return Run(Which.NAMED, ids + names)
    if re.search(r"\b(?:fail(?:ed|ing|ures?)?|red|broken)\b", rest, re.IGNORECASE):
        return Run(Which.FAILED)
    if re.search(
        r"^(?:all|every|everything|the\s+(?:whole|entire|full))\b|\bwhole\s+suite\b", rest, re.I
    ):
        return Run(Which.ALL)
    about_recent = bool(context.recent or earlier)
    plain = re.fullmatch(rf"(?:the\s+|my\s+|our\s+)?(?:{NOUN}|suite|test\s*suite)?", rest, re.I)
    rest = re.sub(r"\s+(?:on|against|in)\s+(?:the\s+)?[\w./:-]+$", "", rest, flags=re.I)
    if phrases.AGAIN.search(rest) or not rest:
        return Run(Which.RECENT if about_recent else Which.ALL)
    if plain:
        return Run(Which.RECENT if earlier else Which.ALL)
    return _run_named(rest, context)


def _run_named(rest: str, context: Context) -> Intent | None:
    about = re.sub(rf"\b{NOUN}\b", " ", rest, flags=re.IGNORECASE)
    about = re.sub(r"^\s*(?:the|my|our)\b|\b(?:for|of|on|called|named)\b", " ", about, flags=re.I)
    names = tuple(
        part for part in (subjects.clean(p) for p in re.split(r",|\band\b", about)) if part
    )
    says_tests = re.search(rf"\b{NOUN}\b", rest, re.IGNORECASE)
    known = [test for test in context.tests if _overlaps(about, test)]
    wordy = all(re.fullmatch(r"[\w' -]+", name) and len(name.split()) <= 6 for name in names)
    if names and wordy and (says_tests or known):
        return Run(Which.NAMED, names)
    return None


def _overlaps(left: str, right: str) -> bool:
    words = set(re.findall(r"[a-z0-9]{3,}", left.lower()))
    return bool(words & set(re.findall(r"[a-z0-9]{3,}", right.lower())))


def _look(said: str, context: Context) -> Intent | None:
    match = phrases.EXPLORE.match(said)
    if match and not re.search(r"\b(?:test|results?)\b", match.group(1), re.IGNORECASE):
        focus = subjects.parse(match.group(1)).features
        site = re.search(r"\b(?:site|website|app|application|shop|pages?|store|url)\b", said, re.I)
        verb = re.match(
            r"^(?:open|go\s+to|visit|learn|study|inspect|check\s+out|look\s+(?:at|over|through))",
            said,
            re.I,
        )
        if URL.search(said) or site or not verb:
            told = [part for part in focus if not re.search(r"\b(?:you|me|us|what)\b", part)]
            return Explore(focus=", ".join(told))
    shown = phrases.SHOW.match(said)
    if shown:
        rest = shown.group(1)
        names = subjects.quoted_names(rest) + tuple(phrases.ID.findall(rest))
        if names:
            return ShowTest(names[0])
        about = re.match(
            rf"^(?:the\s+|my\s+)?(.*?)\s*{NOUN}(?:\s+(?:for|of)\s+(.+?))?(?:\s+do)?$", rest, re.I
        )
        steps = re.match(
            r"^(?:the\s+)?steps\s+(?:of|for|in)\s+(?:the\s+)?(.+?)(?:\s+test)?$", rest, re.I
        )
        name = steps.group(1) if steps else (about.group(2) or about.group(1)) if about else ""
        if name.strip():
            return ShowTest(subjects.clean(name) or name)
        if steps or re.search(r"\b(?:it|that|this|last)\b", rest):
            return ShowTest(context.recent[-1]) if context.recent else None
    return None


def _create(said: str, context: Context) -> Intent | None:
    name = pasted.name_in(said)
    create = phrases.CREATE.match(said)
    if create and re.search(rf"\b{NOUN}\b", create.group(1), re.IGNORECASE):
        return _requested(create.group(1), name)
    works = phrases.DOES_IT_WORK.match(said)
    verify = phrases.VERIFY.match(said)
    if works or verify:
        match = works or verify
        assert match is not None
        thing = match.group(1).strip()
        if not thing and verify and not said.lower().startswith("test"):
            return None
        if re.fullmatch(r"(?:it|that|this|them|those|these)(?:\s+again)?", thing, re.IGNORECASE):
            return Run(Which.RECENT) if context.recent else None
        return _requested(thing, name)
    bare = re.match(
        rf"^(?:\d+\s+|an?\s+|some\s+)?(?:[\w'-]+\s+){{0,4}}{NOUN}(?:\s+for\s+.+)?$", said, re.I
    )
    if bare and not re.match(
        r"^(?:what|why|how|who|when|where|is|are|do|does|the|no|my|i)\b", said, re.I
    ):
        return _requested(said, name)
    if re.match(rf"^{NOUN}\s+(?:for|covering|of)\b", said, re.IGNORECASE):
        return _requested(said, name)
    return None


def _requested(thing: str, name: str | None) -> Intent:
    unnamed = thing
    if name is not None:
        unnamed = re.sub(
            r"(?:called|named|titled|with the (?:name|title))?\s*:?\s*[\"“«'`]" + re.escape(name)
            + r"[\"”»'`]",
            " ",
            thing,
        )  # fmt: skip
    if sentences.spells_out_steps(unnamed):
        return CreateFromSteps(text=thing, name=name)
    subject = subjects.parse(unnamed)
    features, count = subject.features, subject.count
    if name is not None and not features:
        features, count = (subjects.clean(name),), 1
    return CreateTests(features, count, subject.negative, subject.hints, name)
