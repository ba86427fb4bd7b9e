"""Checking assertions about files, answers, the console and requests."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

from assay.browser.model import Observation
from assay.cases.facts import Check, Facts
from assay.cases.model import Assertion
from assay.cases.texts import contains, equal, shorten

_NOTHING = object()


def download_has(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """A file came (or a body was fetched) with a name, a text or so many lines."""
    names = [item.filename for item in facts.downloads]
    if assertion.row and not any(equal(name, assertion.row) for name in names):
        came = f"the file is “{shorten(names[-1], 60)}”" if names else "no file came"
        return Check(False, came)
    if assertion.row and not assertion.text and not assertion.number:
        return Check(True, f"the file “{shorten(assertion.row, 60)}” came")
    bodies = [item.text for item in facts.downloads if item.text is not None]
    if not bodies and observation.content_type.split(";")[0] not in {"text/html", ""}:
        bodies = [observation.text]
    if not bodies:
        return Check(False, "a file came that is no text" if names else "no file came")
    body = bodies[-1]
    lines = [line for line in body.splitlines() if line.strip()]
    if assertion.number and len(lines) != assertion.number:
        return Check(False, f"the file has {len(lines)} lines instead of {assertion.number}")
    if assertion.text and not contains(body, assertion.text):
        return Check(False, f"the file begins with “{shorten(body, 80)}”")
    return Check(True, f"the file has {len(lines)} lines")


def json_has(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """The fetched JSON has a value, or so many things, at a path such as ``items.0.name``."""
    body = facts.downloads[-1].text if facts.downloads else None
    try:
        answer = json.loads(body or "")
    except ValueError:
        return Check(False, f"the answer is no JSON: “{shorten(body or '', 80)}”")
    found = at_path(answer, assertion.column)
    if found is _NOTHING:
        return Check(False, f"the answer has no “{assertion.column}”")
    if assertion.state == "count":
        have = len(found) if isinstance(found, list | dict) else 1
        return Check(have == assertion.number, f"“{assertion.column}” has {have} entries")
    shown = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
    ok = equal(shown, assertion.text) or (not assertion.exact and contains(shown, assertion.text))
    return Check(ok, f"“{assertion.column}” of the answer is “{shorten(shown, 80)}”")


def at_path(answer: object, path: str) -> object:
    """What stands in JSON at a path of names and indexes, apart by dots or in brackets."""
    found = answer
    for part in filter(None, re.split(r"[.\[\]]+", path.removeprefix("$"))):
        if isinstance(found, dict) and part in found:
            found = found[part]
        elif isinstance(found, list) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return _NOTHING
    return found


def no_console_error(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """Nothing in the run wrote an error to the console or threw one that nobody caught."""
    if not facts.console_errors:
        return Check(True, "the console shows no error")
    return Check(False, f"the console shows the error “{shorten(facts.console_errors[0], 120)}”")


def no_failed_request(assertion: Assertion, observation: Observation, facts: Facts) -> Check:
    """No request of the run failed or was answered with an error."""
    if not facts.failed_requests:
        return Check(True, "no request failed")
    first = facts.failed_requests[0]
    said = f"was answered with {first.status}" if first.status else f"failed ({first.failure})"
    return Check(False, f"{first.method} {urlsplit(first.url).path} {said}")
