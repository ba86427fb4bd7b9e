"""What an action's effect says is wrong with the site; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from assay.atlas.abstraction import url_template
from assay.atlas.model import Finding, FindingKind, digest
from assay.browser.model import Effect, Violation

_LOAD_NOISE = re.compile(r"failed to load resource|net::ERR_|favicon", re.IGNORECASE)
_UNCAUGHT = re.compile(r"\buncaught\b|\b(?:Type|Reference|Range|Syntax|Eval|URI)Error\b")
_ICON = re.compile(r"/(?:favicon\.ico|apple-touch-icon[^/]*)$")


def make(kind: FindingKind, title: str, url: str, evidence: str, *identity: str) -> Finding:
    """A finding whose fingerprint is its kind and identity, not its wording."""
    return Finding(kind, title, url, evidence, digest(kind.value, *(identity or (title, url))))


def path_of(url: str) -> str:
    """The path and query of a URL, for people."""
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def broken_link(label: str, page: str, url: str, answer: str) -> Finding:
    """A link that leads to an error page or nowhere."""
    return make(
        FindingKind.BROKEN_LINK,
        f"The link “{label}” on {path_of(page)} leads to {path_of(url)}, which {answer}",
        url,
        f"opened from {page}",
        path_of(url),
    )


def dead_control(label: str, role: str, page: str) -> Finding:
    """A control that was clicked twice and changed nothing."""
    return make(
        FindingKind.DEAD_CONTROL,
        f"The {role} “{label}” on {path_of(page)} does nothing when clicked",
        page,
        "two clicks: no request, no change of the page, no dialog",
        label,
        url_template(page),
    )


def captcha(page: str) -> Finding:
    """A CAPTCHA that stands in the way."""
    return make(
        FindingKind.CAPTCHA,
        f"{path_of(page)} asks to solve a CAPTCHA, which is not attempted",
        page,
        "a CAPTCHA frame or field is on the page",
        url_template(page),
    )


def of_violation(violation: Violation, page: str) -> Finding:
    """A rule of accessibility that a page breaks; a broken header is one finding on all pages."""
    places = "1 place" if violation.count == 1 else f"{violation.count} places"
    return make(
        FindingKind.ACCESSIBILITY,
        f"Accessibility ({violation.impact}) on {path_of(page)}: {violation.help}, in {places}",
        page,
        f"axe-core rule {violation.rule}: {', '.join(violation.targets)[:600]}",
        violation.rule,
        re.sub(r"\d+", "#", violation.targets[0] if violation.targets else ""),
    )


def faults_first(findings: Iterable[Finding]) -> list[Finding]:
    """What does not work before what is hard to use for some; otherwise in their order."""
    return sorted(findings, key=lambda one: one.kind is FindingKind.ACCESSIBILITY)


def of_effect(effect: Effect, did: str) -> list[Finding]:
    """Failing requests, console errors and exceptions that an action caused."""
    found: list[Finding] = []
    for item in effect.failed_requests:
        if item.resource == "document" or _ICON.search(urlsplit(item.url).path):
            continue
        answer = f"answered {item.status}" if item.status else f"failed ({item.failure})"
        if item.status is None and "abort" in item.failure.lower():
            continue
        found.append(
            make(
                FindingKind.FAILING_REQUEST,
                f"{item.method} {path_of(item.url)} {answer}",
                effect.url_after,
                f"after: {did}",
                item.method,
                url_template(item.url),
                str(item.status),
            )
        )
    for line in effect.console_errors:
        if _LOAD_NOISE.search(line):
            continue
        kind = FindingKind.EXCEPTION if _UNCAUGHT.search(line) else FindingKind.CONSOLE_ERROR
        name = "Exception" if kind is FindingKind.EXCEPTION else "Console error"
        found.append(
            make(
                kind,
                f"{name} on {path_of(effect.url_after)}: {line[:160]}",
                effect.url_after,
                f"after: {did}; {line[:600]}",
                re.sub(r"\d+", "#", line[:160]),
            )
        )
    return found
