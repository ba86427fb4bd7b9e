"""Expected results about answers of the site, files, the console and requests."""

from __future__ import annotations

import re

from assay.cases.expect_context import Context
from assay.cases.expect_forms import either_quote, part
from assay.cases.model import Assertion, AssertionKind
from assay.cases.texts import number_of
from assay.cases.trail import Proposed

Found = list[Proposed | None]

_ANSWER = (
    r"(?:the\s+)?(?:(?:api|server|http|json)(?:'s)?\s+)*"
    r"(?:response|answer|reply)(?:\s+body|\s+text)?"
)
_WHO = r"(?:the\s+)?(?:response|page|server|site|api|request|endpoint|url|address|call)"
STATUS = re.compile(
    rf"(?i)^(?:the\s+)?(?:{_WHO}(?:'s)?\s+|http\s+)*(?:status(?:\s+code)?|response\s+code)"
    r"\s+(?:is|equals|=)\s+(?P<n>[1-5]\d\d)$"
    rf"|^{_WHO}\s+(?:answers|responds|replies|returns|is\s+answered)(?:\s+with)?(?:\s+(?:the|an?))?"
    r"(?:\s+http)?(?:\s+status(?:\s+code)?)?(?:\s+of)?\s+(?P<m>[1-5]\d\d)$"
)
HAS = re.compile(
    rf"(?i)^{_ANSWER}\s+(?:contains|includes|has|shows)\s+(?:the\s+text\s+)?{either_quote('q')}$"
)


def _path(name: str) -> str:
    return rf"(?:field|value|key|path|property)\s+{either_quote(name)}"


FIELD = re.compile(
    rf"(?i)^(?:{_ANSWER}(?:'s)?\s+{_path('p')}|(?:the\s+)?{_path('k')}\s+(?:of|in)\s+{_ANSWER})"
    rf"\s+(?:(?P<how>is|equals|contains|includes)\s+(?:{either_quote('v')}|(?P<raw>-?\d+(?:\.\d+)?|true|false|null))"
    r"|has\s+(?:exactly\s+)?(?P<n>\w+)\s+(?:items?|entries|entry|elements?|values?|things?))$"
)
_FILE = r"(?:the|a)\s+(?:downloaded\s+)?(?:file|download)"
FILE_NAME = re.compile(
    rf"(?i)^{_FILE}(?:'s\s+name)?\s+is\s+(?:named\s+|called\s+)?{either_quote('q')}$"
    rf"|^{_FILE}\s+(?:named\s+|called\s+)?{either_quote('r')}\s+(?:is|was|gets)\s+downloaded$"
)
FILE_TEXT = re.compile(
    rf"(?i)^{_FILE}\s+(?:contains|includes|has|shows)\s+(?:the\s+(?:text|line)\s+)?{either_quote('q')}$"
)
FILE_LINES = re.compile(rf"(?i)^{_FILE}\s+has\s+(?:exactly\s+)?(?P<n>\w+)\s+lines?$")
_HAPPENS = r"(?:\s+(?:is|are|was|were)\s+(?:shown|logged|written|seen|reported|there))?"
CONSOLE = re.compile(
    r"(?i)^(?:there\s+(?:is|are|should\s+be)\s+)?no\s+(?:new\s+)?(?:(?:javascript|js|browser|script)\s+)*"
    r"(?:console\s+errors?|errors?\s+(?:in|on)\s+the\s+(?:browser(?:'s)?\s+)?(?:\w+\s+)?console)"
    rf"(?:\s+(?:appear|occur)s?)?{_HAPPENS}$"
    r"|^the\s+(?:browser(?:'s)?\s+)?(?:\w+\s+)?console\s+(?:shows|has|contains|logs|is\s+free\s+of)\s+(?:no\s+)?errors?$"
    r"|^no\s+(?:javascript|js|script)\s+errors?(?:\s+(?:appear|occur)s?)?$"
)
REQUESTS = re.compile(
    r"(?i)^(?:there\s+(?:is|are|should\s+be)\s+)?no\s+(?:network\s+|http\s+|api\s+)?(?:requests?|calls?)\s+"
    r"(?:fails?|failed|(?:has|have)\s+failed|is\s+failing)$"
    r"|^(?:there\s+(?:is|are|should\s+be)\s+)?no\s+(?:failed|failing|broken)\s+(?:network\s+|http\s+|api\s+)?"
    rf"(?:requests?|calls?){_HAPPENS}$"
    r"|^(?:all|every)\s+(?:the\s+)?(?:network\s+|http\s+|api\s+)?(?:requests?|calls?)\s+succeeds?$"
)


def read_status(match: re.Match[str], context: Context, words: str) -> Found:
    """``the response status is 201``, of the call or the page that came last."""
    number = int(match["n"] or match["m"])
    return [context.propose(Assertion(AssertionKind.STATUS, number=number), words, state=True)]


def read_has(match: re.Match[str], context: Context, words: str) -> Found:
    """``the response contains "Mug"``."""
    text = part(match, "q") or ""
    return [context.propose(Assertion(AssertionKind.DOWNLOAD, text=text), words, state=True)]


def read_field(match: re.Match[str], context: Context, words: str) -> Found:
    """``the response field "items.0.name" is "Mug"``, ``… "items" has 2 items``."""
    path = part(match, "p") or part(match, "k") or ""
    if match["n"]:
        number = number_of(match["n"])
        if number is None:
            return []
        counted = Assertion(AssertionKind.JSON, column=path, number=number, state="count")
        return [context.propose(counted, words, state=True)]
    value = part(match, "v")
    exact = match["how"].lower() in {"is", "equals"}
    text = value if value is not None else match["raw"]
    assertion = Assertion(AssertionKind.JSON, text=text, column=path, exact=exact)
    return [context.propose(assertion, words, state=True)]


def read_file_name(match: re.Match[str], context: Context, words: str) -> Found:
    """``the file "list.csv" is downloaded``."""
    name = part(match, "q") or part(match, "r") or ""
    return [_file(Assertion(AssertionKind.DOWNLOAD, row=name), context, words)]


def read_file_text(match: re.Match[str], context: Context, words: str) -> Found:
    """``the downloaded file contains "Mug,5"``."""
    text = part(match, "q") or ""
    return [_file(Assertion(AssertionKind.DOWNLOAD, text=text), context, words)]


def read_file_lines(match: re.Match[str], context: Context, words: str) -> Found:
    """``the file has 3 lines``."""
    number = number_of(match["n"])
    if not number:
        return []
    return [_file(Assertion(AssertionKind.DOWNLOAD, number=number), context, words)]


def _file(assertion: Assertion, context: Context, words: str) -> Proposed | None:
    """The assertion at the last step that brought a file."""
    for place in reversed(context.main):
        if context.trail.moments[place].effect.downloads:
            if not context.held_after(assertion, place):
                return None
            return Proposed(assertion, words, moment=None if place == context.last else place)
    return context.propose(assertion, words, state=True)


def read_console(match: re.Match[str], context: Context, words: str) -> Found:
    """``there are no console errors``: kept though there are, so that what they are is told."""
    return [Proposed(Assertion(AssertionKind.NO_CONSOLE_ERROR), words)]


def read_requests(match: re.Match[str], context: Context, words: str) -> Found:
    """``no request fails``: kept though one did, so that which one is told."""
    return [Proposed(Assertion(AssertionKind.NO_FAILED_REQUEST), words)]
