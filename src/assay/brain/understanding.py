"""Reads a chat message with rules alone: what is asked for, in order. Pure; knows no feature.

A message that no rule reads is ``Unknown``: it is never guessed into an action.
"""

from __future__ import annotations

import re

from assay.brain import english, pasted, subjects
from assay.brain.intents import (
    Context,
    CreateFromSteps,
    CreateTests,
    CreateVariation,
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

_CREATE = re.compile(
    r"^(?:create|write|make|generate|add|draft|build|produce|prepare|author|come up with|give|need|"
    r"want|set up|design|record|implement|develop|propose and write)\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_VERIFY = re.compile(
    r"^(?:re-?)?(?:test|verify|check|validate|ensure|make\s+sure|cover|confirm|assert|try(?:\s+out)?|"
    r"qa|see\s+(?:if|whether)|find\s+out\s+(?:if|whether))\b(?:\s+out)?\s*"
    r"(?:that\b|if\b|whether\b|how\b)?\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_DOES_IT_WORK = re.compile(
    r"^(?:is|are|does|do)\s+(.+?)\s+(?:work(?:ing|s)?|ok(?:ay)?|fine|broken|functional)\b.*$",
    re.IGNORECASE,
)
_RUN = re.compile(
    r"^(?:re-?\s?run|run|execute|launch|start|kick\s+off|replay|re-?\s?test|trigger|re-?execute)\b"
    r"\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_EXPLORE = re.compile(
    r"^(?:explore|crawl|discover|map(?:\s+out)?|scan|browse|look\s+(?:around|at|through|over)|walk\s+"
    r"through|get\s+to\s+know|learn(?:\s+about)?|analy[sz]e|inspect|investigate|visit|open|go\s+to|"
    r"study|check\s+out)\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_SUGGEST = re.compile(
    r"^(?:what|which)\b.*\b(?:should|could|can|to)\b.*\btest(?:ed)?\b|"
    r"\b(?:suggest|propose|recommend|ideas?\s+for)\b.*\b(?:tests?|cases|scenarios|to test)\b|"
    r"^(?:what|which)\s+(?:pages|forms|features|flows|functionality)\b|"
    r"^what\s+(?:is|'s)\s+(?:there\s+)?(?:on|in)\s+(?:the|this|my)\s+(?:site|app|page|website)",
    re.IGNORECASE,
)
_LIST = re.compile(
    r"^(?:list|show|display|print|enumerate|give|see|view|get)\s+(?:me\s+|us\s+)?(?:a\s+list\s+of\s+)?"
    rf"(?:all\s+)?(?:of\s+)?(?:the\s+|my\s+|our\s+)?(?:available\s+|existing\s+|current\s+)?{NOUN}"
    r"(?:\s+(?:you\s+have|i\s+have|we\s+have|there\s+are|so\s+far|that\s+exist|available))*$|"
    rf"^(?:what|which)\s+(?:are\s+the\s+|are\s+my\s+)?{NOUN}(?:\s+(?:do|have|are|did|exist|can)\b.*)?$|"
    rf"^how\s+many\s+{NOUN}\b|^do\s+(?:i|we|you)\s+have\s+(?:any\s+)?{NOUN}$|^(?:my\s+)?tests?$",
    re.IGNORECASE,
)
_LIST_CONFIGS = re.compile(
    r"^(?:list|show|what|which|do)\b.*\b(?:credentials|configs?|logins|accounts|users)\b"
    r"(?:\s+(?:do|are|have|did|exist|you|can)\b.*)?$",
    re.IGNORECASE,
)
_SHOW = re.compile(
    r"^(?:show|display|open|print|describe|explain|view|see|give|get|what\s+(?:does|do|is|are))\s+"
    r"(?:me\s+|us\s+)?(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_LAST_RUN = re.compile(
    r"\bwhat\s+(?:happened|went\s+wrong|failed|broke|was\s+the\s+result|is\s+the\s+status)\b|"
    r"\bwhy\s+(?:did|does|is|was|has|are|were)\b.*\b(?:fail\w*|red|broken|break|not\s+(?:pass|work)\w*|"
    r"draft|flaky)\b|\bhow\s+did\s+(?:it|they|that|the|my)\b.*|"
    r"\b(?:last|latest|previous|most\s+recent)\s+(?:test\s+)?(?:run|results?|execution)\b|"
    r"^(?:show|what\s+(?:are|were)|give)\b.*\bresults?\b|^results?$|^status$|"
    r"\bdid\s+(?:it|they|the|my|all|any|everything)\b.*\b(?:pass|fail|work|succeed)\w*|"
    r"^(?:which|what)\s+(?:ones?|tests?)\s+(?:failed|passed|broke|are\s+(?:failing|red|broken))",
    re.IGNORECASE,
)
_HELP = re.compile(
    r"^(?:help(?:\s+me)?|\?+|/help|-h|--help|man|usage|commands|menu|examples?)$|"
    r"^what\s+(?:else\s+)?(?:can|do)\s+(?:you|i)\s+(?:do|say|ask|type|write)\b(?!.*\btest(?:s|ed)?\b)|"
    r"^how\s+(?:do|does|can|should)\s+(?:i|this|it|you|assay|we)\s+(?:use|work|start|begin|help|get\s+"
    r"started|ask|talk)\b|^who\s+are\s+you|^what\s+are\s+you|^what\s+is\s+(?:this|assay)$|"
    r"^(?:how\s+to|getting\s+started|what\s+now|what\s+next|how\s+does\s+this\s+work)\b",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^(?:hi+|hello+|hey+|yo|good\s+(?:morning|afternoon|evening|day)|greetings|howdy|"
    r"how\s+are\s+you(?:\s+\w+)?)(?:\s+(?:there|assay|all|team|everyone))?$",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"^(?:(?:ok(?:ay)?|great|cool|nice|perfect|super|awesome|wonderful|excellent|good(?:\s+(?:job|"
    r"work))?|well\s+done|thanks?|thank\s+you|thx|ty|cheers|bye|goodbye|see\s+you|got\s+it|"
    r"understood|never\s*mind|fine|alright|so\s+much|a\s+lot|very\s+much|very|that'?s|all|for\s+now|"
    r"very|really|much)[\s,!.]*)+$",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,40}\b(?:instruction|instructions|rules?|"
    r"prompts?|guidelines|guardrails|restrictions|policies|safety|told|above|previous)\b|"
    r"\b(?:system|hidden|initial)\s+prompt\b|\byou\s+are\s+now\b|\bjailbreak\b|\bact\s+as\s+(?:if|an?)\b"
    r"|\breveal\b.*\b(?:password|secret|key|credential|prompt)s?\b|"
    r"\b(?:mark|report|say|pretend|claim)\b.{0,40}\b(?:as\s+)?(?:passed|passing|green|approved|proven)\b",
    re.IGNORECASE | re.DOTALL,
)
_DESTRUCTIVE = re.compile(
    r"^(?:delete|remove|erase|wipe|drop|purge|destroy|clear|reset|kill|disable|deactivate|cancel|stop|"
    r"deploy|publish|uninstall|shut\s*down|rm|sudo|format|truncate)\b",
    re.IGNORECASE,
)
_CODE_LINE = re.compile(
    r"^\s*(?:```|def |class \w+[:({]|import |from \w+ import|const |let |var |function\b|"
    r"return\b|if\s*\(|for\s*\(|#include|public |private |(?-i:SELECT|INSERT|UPDATE|DELETE) |"
    r"<\/?\w+[^>]*>|[{}\]);]+\s*$|\$ |>>> |Traceback|File \"|\s+at \w|@\w+|"
    r"(?:it|describe|test)\(|diff --git|@@ |[+-]{3} )|"
    r";\s*$|\{\s*$",
    re.IGNORECASE,
)
_AGAIN = re.compile(
    r"\b(?:it|them|those|these|that|this|that\s+one|the\s+new\s+ones?|again|the\s+same(?:\s+ones?)?|"
    r"what\s+you\s+(?:just\s+)?(?:created|wrote|made)|(?:you\s+)?just\s+(?:created|written|wrote|made)|"
    r"both|created)\b",
    re.IGNORECASE,
)
_ALSO = re.compile(
    r"^(?:and\s+|now\s+|then\s+|next\s+)*(?:also|too|additionally|in\s+addition|what\s+about|how\s+about|"
    r"another|one\s+more|same\s+(?:with|for|but)|the\s+same|do\s+the\s+same|likewise|and\s+with|"
    r"and\s+without|but\s+with|with|without|now\s+with|as\s+well)\b\s*(.*)$",
    re.IGNORECASE | re.DOTALL,
)
_ID = re.compile(r"\b[a-z]{2,12}(?:-[\w-]+)?_[0-9A-Za-z]{6,}\b")
_STEP_VERB = re.compile(
    r"\b(?:open|go(?:es)? to|visit|click|press|tap|enter|type|fill|select|choose|tick|check the|"
    r"uncheck|submit|search(?:es)? for|log(?:s)? in|sign(?:s)? in|add(?:s)?|remove(?:s)?|upload|"
    r"hover|drag|reload|navigate|put(?:s)?|buy(?:s)?|verify|expect|see(?:s)?|assert|apply|applies)\b",
    re.IGNORECASE,
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
    found: list[Intent] = []
    configs = tuple(dict.fromkeys((*CONFIG.findall(text), *context.stored)))
    for segment in split(text):
        intent = _segment(segment, context, tuple(found))
        if intent is not None:
            found.append(intent)
    return _settled(found, configs, text)


def _puzzle(text: str) -> Puzzle | None:
    if not re.search(r"\w|\?", text):
        return Puzzle.EMPTY
    if _OVERRIDE.search(text):
        return Puzzle.OVERRIDE
    lines = [line for line in text.splitlines() if line.strip()]
    code = sum(1 for line in lines if _CODE_LINE.search(line))
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
    said = english.bare(segment)
    whole = " ".join(segment.split()).strip(" \t.,;:!")
    if not said or _THANKS.match(whole) or _GREETING.match(whole):
        return Greeting(thanks=bool(_THANKS.match(whole)))
    if _DESTRUCTIVE.match(said):
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
        or _follow_up(whole, question, context, earlier)
        or _run(question, context, earlier)
        or _look(question, context)
        or _create(question, context)
        or Unknown(said)
    )


def _credentials_only(said: str) -> Intent | None:
    rest = CONFIG.sub(" ", said)
    words = re.sub(
        r"\b(?:log(?:ging)?|sign(?:ing)?|in(?:to)?|on|use|using|with|as|the|user|account|credentials?|"
        r"login|is|are|here|my|our|these|this|for|it|to|and|or|test|admin|password|username|by|so|"
        r"you|can|must|should|have|site|app|page|application|config|save|store|remember|keep|shop|"
        r"api|token|key|bearer|http|authentication|following|first|do|need|needed|if)\b",
        " ",
        rest,
        flags=re.IGNORECASE,
    )
    if re.search(r"[A-Za-z]{3,}", words):
        return None
    return CredentialsGiven(tuple(CONFIG.findall(said)))


def _talk(said: str) -> Intent | None:
    if _HELP.match(said) or not said:
        return Help()
    if _SUGGEST.search(said) and not _CREATE_TESTS.match(said):
        return Explore(suggest=True)
    if _LIST.match(said):
        return ListTests()
    if _LIST_CONFIGS.match(said):
        return ListCredentials()
    if _LAST_RUN.search(said):
        return LastRun(focus=_focus(said))
    return None


_CREATE_TESTS = re.compile(rf"^(?:create|write|make|generate|add)\b.*\b{NOUN}\b", re.IGNORECASE)


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


def _follow_up(
    whole: str, said: str, context: Context, earlier: tuple[Intent, ...]
) -> Intent | None:
    """ "Also test a wrong password": a variation of what was talked about, if anything was."""
    known = bool(context.recent or context.subjects or earlier)
    also = _ALSO.match(
        re.sub(r"^(?:please|ok(?:ay)?|great|thanks|now|and)[\s,]+", "", whole, flags=re.I)
    )
    if not also or not known:
        return None
    rest = english.bare(also.group(1)).rstrip(" ?!.")
    if re.match(r"^(?:run|re-?run|execute|list|show|explore)\b", rest, re.IGNORECASE):
        return None
    verify = _VERIFY.match(rest) or _CREATE.match(rest)
    thing = verify.group(1) if verify else rest
    subject = subjects.parse(thing)
    whole_thing = " ".join(thing.split()).strip(" ,.")
    if re.match(r"^(?:with|without)\b", whole.strip(), re.IGNORECASE):
        return CreateVariation(whole.strip(" .!?"))
    if subjects.is_condition(whole_thing):
        description = re.sub(
            rf"^(?:an?\s+)?{NOUN}\s+(?:for|with|of)\s+", "", whole_thing, flags=re.I
        )
        return CreateVariation(description)
    if re.match(r"^(?:with|as)\b", whole_thing, re.IGNORECASE):
        return CreateVariation(whole_thing)
    if subject.features:
        return CreateTests(subject.features, subject.count, subject.negative, subject.hints)
    return None


def _run(said: str, context: Context, earlier: tuple[Intent, ...]) -> Intent | None:
    match = _RUN.match(said)
    if match is None:
        return None
    rest = match.group(1).strip(" .!,")
    rest = re.sub(
        r"\b(?:now|again|please|once|once more|right away|for me)\b", "", rest, flags=re.I
    )
    rest = " ".join(rest.split())
    ids = tuple(_ID.findall(rest))
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
    if _AGAIN.search(rest) or not rest:
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
    match = _EXPLORE.match(said)
    if match and not re.search(r"\b(?:test|results?)\b", match.group(1), re.IGNORECASE):
        focus = subjects.parse(match.group(1)).features
        site = re.search(r"\b(?:site|website|app|application|shop|pages?|store|url)\b", said, re.I)
        verb = re.match(r"^(?:open|go\s+to|visit|learn|study|inspect|check\s+out|look)", said, re.I)
        if URL.search(said) or site or not verb:
            told = [part for part in focus if not re.search(r"\b(?:you|me|us|what)\b", part)]
            return Explore(focus=", ".join(told))
    shown = _SHOW.match(said)
    if shown:
        rest = shown.group(1)
        names = subjects.quoted_names(rest) + tuple(_ID.findall(rest))
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
    create = _CREATE.match(said)
    if create and re.search(rf"\b{NOUN}\b", create.group(1), re.IGNORECASE):
        return _requested(create.group(1), name)
    works = _DOES_IT_WORK.match(said)
    verify = _VERIFY.match(said)
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
    if _spells_out_steps(unnamed):
        return CreateFromSteps(text=thing, name=name)
    subject = subjects.parse(unnamed)
    features, count = subject.features, subject.count
    if name is not None and not features:
        features, count = (subjects.clean(name),), 1
    return CreateTests(features, count, subject.negative, subject.hints, name)


def _spells_out_steps(thing: str) -> bool:
    """Whether a sentence walks through actions instead of naming a feature."""
    told = re.sub(
        rf"^.*?\b{NOUN}\s+(?:that|which|where|in which|to)\b", "", thing, flags=re.I | re.S
    )
    clauses = re.split(r",|;|\band\b|\bthen\b", told)
    acting = [
        clause for clause in clauses if _STEP_VERB.search(clause) and len(clause.split()) >= 2
    ]
    return len(acting) >= 3 or (len(acting) >= 2 and bool(re.search(r"[\"“”'`/]\w|\d", told)))
