"""Takes credentials out of a message before it is stored anywhere. Pure.

A user name with its password becomes ``config “NAME”`` in the text, a password alone becomes ``the
password of config “NAME”``, a token ``the token of config “NAME”``. What a message calls wrong or
invalid is test data and stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assay.brain import secrets_in_text as shapes
from assay.brain.secrets_in_text import Shape


class CredentialKind(StrEnum):
    """What a credential opens."""

    USERNAME_PASSWORD = "usernamePassword"
    HTTP_BASIC = "httpBasic"
    TOKEN = "token"


@dataclass(frozen=True, slots=True)
class Credential:
    """A credential found in a message.

    ``existing`` says that a config for this user name is stored already, under ``name``; the
    password may be a new one. A token has no user name and its value in ``password``.
    """

    username: str
    password: str = field(repr=False)
    name: str
    kind: CredentialKind = CredentialKind.USERNAME_PASSWORD
    existing: bool = False


def extract(
    text: str, known: Mapping[str, str] | None = None
) -> tuple[str, tuple[Credential, ...]]:
    """The message without secrets, and the credentials that stood in it.

    ``known`` maps the user names of stored configs to the names of those configs. Extracting from
    text that was cleaned before changes nothing.
    """
    work = _Extraction(text, known or {})
    work.urls()
    work.pairs()
    work.passwords()
    work.tokens()
    work.repeated()
    return work.text, tuple(work.found)


def with_templates(text: str) -> str:
    """Cleaned text with step templates in place of config names, for the parser of test cases.

    ``enter config “x”`` becomes ``enter {{config:x.username}} / {{config:x.password}}``.
    """
    text = _ONE_VALUE.sub(lambda found: f"{{{{config:{found[2]}.{found[1]}}}}}", text)
    return _PAIR.sub(lambda found: _pair_of(found[1]), text)


def _pair_of(name: str) -> str:
    return f"{{{{config:{name}.username}}}} / {{{{config:{name}.password}}}}"


_ONE_VALUE = re.compile(r"\bthe (password|token) of config “([^”]+)”")
_PAIR = re.compile(r"\bconfig “([^”]+)”")


class _Extraction:
    """The text as it is being cleaned, and what was found so far."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self.text = text
        self.known = {user.lower(): name for user, name in known.items()}
        self.found: list[Credential] = []
        self.about_wrong = bool(shapes.WRONG_ABOUT.search(text))

    def urls(self) -> None:
        def put(match: re.Match[str]) -> str:
            name = self._take(match.group(2), match.group(3), CredentialKind.HTTP_BASIC)
            names.append(name)
            return match.group(1)

        names: list[str] = []
        self.text = shapes.URL_LOGIN.sub(put, self.text)
        if names:
            named = ", ".join(f"config “{name}”" for name in dict.fromkeys(names))
            self.text = f"{self.text.rstrip()} (HTTP authentication: {named})"

    def pairs(self) -> None:
        for shape, pattern in shapes.PAIRS:
            at = 0
            while match := pattern.search(self.text, at):
                at = self._pair(match, shape)

    def _pair(self, match: re.Match[str], shape: Shape) -> int:
        spans = [match.span(i) for i in range(1, (match.re.groups or 0) + 1) if match.group(i)]
        (user_from, user_to), (secret_from, secret_to) = spans[0], spans[1]
        user, secret = self.text[user_from:user_to], self.text[secret_from:secret_to]
        quoted = self.text[secret_from - 1 : secret_from] in "\"“'`"
        kept = secret if quoted else _trimmed(secret)
        user = _trimmed(user)
        if (
            not _plausible_user(user)
            or not _plausible(kept, user, shape, quoted)
            or self._said_wrong(match.start(), secret_from, secret_to)
        ):
            return match.start() + 1
        name = self._take(user, kept)
        start = _widened(self.text, match, user_from)
        end = secret_from + len(kept) + (1 if quoted else 0)
        if self.text[match.start()] != "(" and self.text[end : end + 1] == ")":
            end += self.text[start:end].count("(") > self.text[start:end].count(")")
        label = ""
        if _labelled_line(self.text, start, match):
            # In a manual test case the account is something to have, not something to do.
            label = "Preconditions: credentials " if "\n" in self.text[end:] else "Credentials: "
        put = f"{label}config “{name}”"
        self.text = self.text[:start] + put + self.text[end:]
        return start + len(put)

    def passwords(self) -> None:
        for shape, pattern in shapes.PASSWORDS:
            at = 0
            while match := pattern.search(self.text, at):
                at = self._password(match, shape)

    def _password(self, match: re.Match[str], shape: Shape) -> int:
        group = next(i for i in range(2, match.re.groups + 1) if match.group(i))
        secret_from, secret_to = match.span(group)
        quoted = self.text[secret_from - 1 : secret_from] in "\"“'`"
        secret = match.group(group)
        kept = secret if quoted else _trimmed(secret)
        after = self.text[secret_from + len(kept) :]
        ends = re.match(r"\s*(?:[.,;)\n]|$|then\b|and\b|twice\b|in\b)", after, re.IGNORECASE)
        named = shape is Shape.NAMED or (shape is Shape.LOOSE and ends is not None)
        sure = quoted or named or secretive(kept)
        if (
            not sure
            or not _plausible(kept, "", Shape.NAMED, quoted)
            or self._said_wrong(match.start(), secret_from, secret_to)
        ):
            return match.end(1)
        name = self._take(self._user_before(match.start()), kept)
        start, end = secret_from - quoted, secret_from + len(kept) + quoted
        put = f"the password of config “{name}”"
        self.text = self.text[:start] + put + self.text[end:]
        return start + len(put)

    def tokens(self) -> None:
        at = 0
        while match := shapes.TOKEN.search(self.text, at):
            group = next(i for i in range(3, match.re.groups + 1) if match.group(i))
            secret = _trimmed(match.group(group))
            long_enough = len(secret) >= 8 and bool(re.search(r"\d", secret))
            if not long_enough or self._said_wrong(match.start(), *match.span(group)):
                at = match.end(1)
                continue
            name = self._take("", secret, CredentialKind.TOKEN)
            quoted = self.text[match.start(group) - 1] in "\"“'`"
            start = match.start(group) - quoted
            end = match.start(group) + len(secret) + quoted
            put = f"the token of config “{name}”"
            self.text = self.text[: match.start(1)] + put + self.text[end:]
            at = match.start(1) + len(put)
            del start

    def repeated(self) -> None:
        """A secret that stands elsewhere too is not left there."""
        for one in self.found:
            if len(one.password) < 4 or one.password == one.username:
                continue
            what = "token" if one.kind is CredentialKind.TOKEN else "password"
            pattern = rf"(?<![\w]){re.escape(one.password)}(?![\w])"
            put = f"the {what} of config “{one.name}”"
            pieces = re.split(r"(config “[^”]*”)", self.text)
            pieces[::2] = [put.join(re.split(pattern, piece)) for piece in pieces[::2]]
            self.text = "".join(pieces)

    def _take(
        self, user: str, secret: str, kind: CredentialKind = CredentialKind.USERNAME_PASSWORD
    ) -> str:
        for one in self.found:
            if one.username == user and one.password == secret:
                return one.name
        stored = self.known.get(user.lower()) if user else None
        base = stored or user or ("token" if kind is CredentialKind.TOKEN else "account")
        if stored and self.about_wrong:
            # A test of wrong credentials must not overwrite, or be answered with, the right ones.
            base, stored = f"{user} wrong", None
        taken = {one.name for one in self.found}
        name = next(
            candidate
            for candidate in (base, *(f"{base} {number}" for number in range(2, 100)))
            if candidate not in taken
        )
        self.found.append(Credential(user, secret, name, kind, existing=name == stored))
        return name

    def _said_wrong(self, start: int, secret_from: int, secret_to: int) -> bool:
        before_value = self.text[max(0, secret_from - 60) : secret_from]
        before_match = self.text[max(0, start - 60) : start]
        return bool(
            shapes.WRONG_BEFORE.search(before_match)
            or shapes.WRONG_BEFORE.search(before_value)
            or shapes.WRONG_AFTER.match(self.text[secret_to:])
        )

    def _user_before(self, position: int) -> str:
        user = ""
        for match in shapes.USERS.finditer(self.text[:position]):
            value = _trimmed(next(group for group in match.groups() if group))
            rest = self.text[match.end() : match.end() + 40].lower()
            entered = match.group().lower().lstrip()[:4] in (
                "ente",
                "type",
                "fill",
                "put ",
                "set ",
                "inpu",
            )
            if entered and not re.match(
                r"\S?\s+(?:in|into|as|for)\s+(?:the\s+)?\S?(?:user|e-?mail|log)", rest
            ):
                continue
            if _plausible_user(value):
                user = value
        return user


def secretive(value: str) -> bool:
    """Whether a word looks made up to be secret rather than written to be read."""
    if re.fullmatch(r"[\d.,:/%$€£-]+|v?\d[\w.]*|\w+\.\w{2,4}", value) or len(value) < 5:
        return False
    letters = bool(re.search(r"[A-Za-z]", value))
    digit = bool(re.search(r"\d", value))
    symbol = bool(re.search(r"[!@#$%^&*+=?_~]", value))
    mixed = bool(re.search(r"[a-z][A-Z]", value))
    return letters and (digit or symbol or mixed)


def _plausible_user(user: str) -> bool:
    lowered = user.lower()
    return bool(
        user
        and lowered not in shapes.NOT_VALUES
        and not re.fullmatch(r"[\W\d]+", user)
        and not lowered.startswith(("http:", "https:", "/"))
    )


def _plausible(secret: str, user: str, shape: Shape, quoted: bool) -> bool:
    if not secret or secret.lower() in shapes.NOT_VALUES or secret.startswith(("“", "http")):
        return False
    if re.fullmatch(r"[*•.x…_-]+|<[^>]*>|\{\{.*|\$\{.*", secret):
        return False
    if shape is Shape.LOOSE:
        return secretive(secret) or secret.lower() == user.lower()
    return quoted or shape is Shape.NAMED or len(secret) >= 3


def _trimmed(value: str) -> str:
    """A bare value without the sentence's punctuation; "!" and "?" may belong to a password."""
    value = value.rstrip(".,;:")
    if value.endswith(")") and "(" not in value:
        value = value.rstrip(").")
    return value


def _widened(text: str, match: re.Match[str], user_from: int) -> int:
    """Where the replaced part begins: verbs and prepositions before the user name are kept."""
    lead = text[match.start() : user_from]
    verb = re.match(
        r"\s*(?:(?:use|using|with|as|enter\w*|typ(?:e|es|ing)|fill\w*(?:\s+in)?|put|set|input|insert|"
        r"provide|authenticate|(?:log|sign)\w*\s*-?\s*(?:in|on)(?:to)?)\b\s*"
        r"(?:(?:as|with|using|by|to)\b\s*)?)*",
        lead,
        re.IGNORECASE,
    )
    kept = verb.end() if verb else 0
    if kept == 0 and re.match(r"(?:credentials?|creds)\b\s*[:=]", lead, re.IGNORECASE):
        kept = len(lead) - len(lead.lstrip()) + len(re.split(r"[:=]\s*", lead)[0]) + 2
    return match.start() + min(kept, len(lead))


def _labelled_line(text: str, start: int, match: re.Match[str]) -> bool:
    at_line_start = start == 0 or text[:start].rstrip(" \t-*•").endswith("\n")
    return (
        at_line_start and ":" in match.group()[:20] and not match.group().lower().startswith("cred")
    )
