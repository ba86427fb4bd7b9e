"""The shapes in which people write credentials, as regular expressions, and what is no value."""

from __future__ import annotations

import re
from enum import StrEnum

# A value: quoted, or one token; sentence punctuation at its end is taken off later.
VALUE = (
    r"(?:\"([^\"\n]{1,120})\"|“([^”\n]{1,120})”|'([^'\n]{1,120})'|`([^`\n]{1,120})`|"
    r"([^\s\"“”'`,;]{1,120}))"
)
_PART = r"[\"“'`]?([^\s\"“”'`,;()/:|]{1,80})[\"”'`]?"
_SECRET = r"[\"“'`]?([^\s\"“”'`,;()]{2,120})[\"”'`]?"
_USER = (
    r"(?:user\s?-?names?|user\s*id|users?|logins?|log-?in\s+name|e-?mail(?:\s+address)?|account|uid|"
    r"usr)"
)
_PASS = r"(?:pass\s?-?words?|passwd|pwd|pass\s?-?phrase|pass|pw)"
_IS = r"[\"'*_]*(?:\s*(?:(?:is|was)\b|=|:|->|→)\s*[*_]*\s*|\s+)"
_PUT = r"(?:enter(?:s|ing)?|typ(?:e|es|ing)|fill(?:s|ing)?(?:\s+in)?|put|set|input|insert|provide)"
_THEN = (
    r"(?:\s*[,;&|/(]\s*|\s*\.?\s*\n\s*(?:[-*•]\s*)?|\s+)"
    r"[\"'*_]*(?:(?:and|with|plus|the|a|its|his|her|your|my|our|use|using|then|field|"
    + _PUT
    + r"|\d{1,2}[.)])\s+){0,4}"
)
_CREDENTIALS = (
    r"(?:credentials?|creds|log-?ins?|sign-?ins?|accounts?|"
    r"user\s?names?\s*(?:and|/|&)\s*passwords?)"
)
_SIGN_IN = r"(?:log|sign)(?:s|ged|ging|ing|ned)?\s*-?\s*(?:in|on)(?:to)?"
FLAGS = re.IGNORECASE

NOT_VALUES = frozenset(
    "a an the and or of to in on is are was be it its this that these those with without for from "
    "as at by my your our their his her field fields box boxes reset link links page pages form "
    "forms input inputs value values button label placeholder mismatch error errors message "
    "messages must should can cannot will would not no required valid invalid wrong incorrect bad "
    "correct right same different twice again confirmation confirm repeat change changed changes "
    "new old current empty blank missing strength rules policy policies manager hint hints toggle "
    "visibility forgotten forgot and/or both too also then than when if else press click submit "
    "sign log login logged enter type fill there here below above into length characters chars "
    "name names password passwords username usernames user users email e-mail account accounts "
    "credentials management list lists table tables menu section icon who which what where how "
    "has have had does do did gets get shown shows show hidden masked saved stored sent already "
    "only exists exist longer shorter less more config settings tests test case cases works work "
    "feature flow flows registration profile details data info information all any each every some "
    "other another yes no on off recovery less least most protection protected expiry expired "
    "containing contains consisting - -- ...".split()
)
WRONG = (
    r"(?:wrong|invalid|incorrect|bad|false|fake|bogus|unknown|non-?existent|nonexisting|"
    r"not\s+(?:valid|correct|existing)|mistyped|unregistered|mismatch(?:ed|ing)?)"
)
WRONG_BEFORE = re.compile(rf"\b{WRONG}\s+(?:[\w-]+[\s:]+){{0,3}}[\"“'`]?$", FLAGS)
WRONG_AFTER = re.compile(
    rf"^[\"”'`]?\s*(?:\(|,|-|–)?\s*(?:(?:which|that)\s+is|is|i\.e\.?|being|a|an|the)?\s*{WRONG}\b",
    FLAGS,
)
WRONG_ABOUT = re.compile(
    rf"\b{WRONG}[\s-]+(?:user\s?names?|pass\s?words?|credentials?|log-?ins?|e-?mails?)\b|"
    r"\b(?:log-?in|sign-?in)[\s-](?:wrong|invalid|fail\w*)|\bcorrect\s+user\s?name\s+and\s+password\b",
    FLAGS,
)


class Shape(StrEnum):
    """How sure a shape is, which decides how secret-looking its value must be."""

    NAMED = "named"  # both parts are called what they are
    SIGNING_IN = "signing_in"  # the words around it are about signing in
    LOOSE = "loose"  # only the form speaks for it


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, FLAGS)


URL_LOGIN = _compile(r"\b(https?://)([^\s/:@]+):([^\s/@]+)@(?=[^\s/])")
TOKEN = _compile(
    r"\b(api[\s_-]*(?:key|token)|access[\s_-]*token|auth(?:entication|orization)?[\s_-]*token|"
    r"bearer(?:[\s_-]*token)?|secret[\s_-]*key|token)(\s*(?:is|=|:)\s*|\s+)(?:bearer\s+)?" + VALUE
)
# Pairs in the order in which they are looked for; every pattern has a user and a secret value.
PAIRS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    (
        Shape.NAMED,
        _compile(
            rf"(?<![\w-])(?:(?:the|a|an|my|our|following)\s+)?{_USER}{_IS}{VALUE}{_THEN}"
            rf"{_PASS}{_IS}{VALUE}"
        ),
    ),
    (
        Shape.NAMED,
        _compile(
            rf"(?<=\b)(?:(?<=as )|(?<=with )|(?<=by )|(?<=using )|(?<=use )|(?<=in )|(?<=enter )|"
            rf"(?<=: )|(?<=Enter )|(?<=Use )){VALUE}{_THEN}{_PASS}{_IS}{VALUE}"
        ),
    ),
    (
        Shape.NAMED,
        _compile(
            rf"\b(?:the\s+)?{_PASS}\s+(?:for|of)\s+(?:the\s+)?(?:{_USER}\s+)?{VALUE}\s+is\s+{VALUE}"
        ),
    ),
    (
        Shape.NAMED,
        _compile(rf"(?<![^\s,;:]){VALUE}\s{{0,3}}\(\s*(?:with\s+)?{_PASS}{_IS}{VALUE}\s*\)"),
    ),
    (
        Shape.SIGNING_IN,
        _compile(
            rf"\b(?:{_CREDENTIALS}(?:\s+(?:details?|data|info))?"
            rf"(?:\s+(?:is|are|of|with|using))?[ \t]*[=:]?|"
            rf"(?:{_SIGN_IN}|authenticate)(?:\s+(?:as|with|using|to|by))?)[ \t(]+"
            rf"(?:the\s+)?(?:user\s+|credentials?\s*:?\s*)?{_PART}"
            rf"(?:[ \t]*[/|,][ \t]*|:(?=\S)){_SECRET}"
        ),
    ),
    (
        Shape.SIGNING_IN,
        _compile(
            rf"\b(?:{_SIGN_IN}|authenticate)\s+(?:as|with|using)\s+(?:user\s+)?{_PART}"
            rf"\s*(?:,|\s(?:with|using|and))\s*{_SECRET}"
        ),
    ),
    (
        Shape.SIGNING_IN,
        _compile(
            rf"\b(?:credentials?|creds|log-?in\s+details)\s*(?:is|are|=|:)?\s+{VALUE}"
            rf"\s*(?:,|\band\b|&)\s*{VALUE}"
        ),
    ),
    (
        Shape.SIGNING_IN,
        _compile(
            rf"(?<![\w/:.@]){_PART}[/:]{_SECRET}(?=\s+as\s+(?:the\s+|my\s+|a\s+)?{_CREDENTIALS})"
        ),
    ),
    (
        Shape.LOOSE,
        _compile(rf"\b(?:use|using|with|as|user|{_PUT}|password)\s+{_PART}\s*[/|]\s*{_SECRET}"),
    ),
    (
        Shape.LOOSE,
        _compile(rf"(?<![\w/:.])([\w.+-]+@[\w-]+\.[\w.-]*\w)\s*[/:|]\s*{_SECRET}"),
    ),
)
# A password alone: the group before the value is kept.
PASSWORDS: tuple[tuple[Shape, re.Pattern[str]], ...] = (
    (Shape.NAMED, _compile(rf"\b({_PASS}(?:\s+field)?\s*(?:[:=]|->|→|\bis\b)\s*){VALUE}")),
    (Shape.NAMED, _compile(rf"\b({_PASS}\s+(?:with|to|of)?\s*)(?=[\"“'`]){VALUE}")),
    (
        Shape.NAMED,
        _compile(
            rf"\b({_PUT}\s+){VALUE}(?=\s+(?:in|into|as|for|on)\s+(?:the\s+|a\s+|your\s+)?"
            rf"[\"“'`]?(?:\w+\s+)?{_PASS}\b)"
        ),
    ),
    (
        Shape.NAMED,
        _compile(
            rf"\b((?:{_PUT}|fill)\s+(?:the\s+|in\s+the\s+|in\s+)?{_PASS}(?:\s+field)?\s+(?:with|as)\s+)"
            rf"{VALUE}"
        ),
    ),
    (Shape.SIGNING_IN, _compile(rf"\b({_PASS}\s+){VALUE}")),
    (Shape.LOOSE, _compile(rf"\b((?:with|and|using|{_PUT})\s+(?:the\s+|a\s+)?{_PASS}\s+){VALUE}")),
)
USERS = _compile(
    rf"\b(?:{_USER}(?:\s*[:=]\s*|\s+(?:is\s+)?)|{_SIGN_IN}\s+as\s+|{_PUT}\s+){VALUE}"
)  # fmt: skip
