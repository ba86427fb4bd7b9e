"""Words as pages and testers use them: folding, light stemming, synonyms, numbers. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Texts of one line mean the same thing on a control. The first is the canonical one.
_SAME = """
login: log in, sign in, signin, log on, logon, authenticate
logout: log out, sign out, signout, log off, logoff
register: sign up, signup, create account, create new account, join now, registration
cart: basket, shopping cart, shopping basket, shopping bag, trolley
delete: remove, destroy, trash, erase, discard
search: find, lookup, look up, searchbar, searchbox
add: create, new
edit: change, modify, rename
email: e mail, mail, email address, e mail address, mail address
username: user name, login name, user id, userid, user
password: passphrase, passwd, pwd, pass word
postcode: post code, zip, zip code, zipcode, postal code
phone: telephone, tel, mobile, phone number, telephone number, mobile number
quantity: qty
previous: prev
settings: preferences
city: town
lastname: last name, surname, family name
firstname: first name, given name, forename
fullname: full name, your name
buy: purchase
checkout: check out
close: dismiss, hide
image: picture, photo
account: profile
voucher: coupon, promo code, promotional code, discount code, voucher code, coupon code
category: categories
xsign: x, cross
tick: check, checkbox
todo: to do
info: information
address1: address line 1, line 1, street address, street, line1
address2: address line 2, line 2, line2
catalogue: catalog, catalogs
favourite: favorite
colour: color
organisation: organization
id: identifier
config: configuration
toggleall: toggle all, mark all as complete, select all, check all
dob: date of birth, birthday, birth date
message: comment, remark
desc: description
file: attachment, document
app: application
confirm: yes, ok, accept, agree
doc: documentation
"""

# Texts of one line are near, not equal: enough to find a control, not to be sure of it.
_NEAR = """
save, submit, confirm, apply, update, continue, done, finish, ok, send, go, store, publish, post
next, continue, forward, more, proceed
back, previous, return
open, view, show, details, see, expand
add, insert, plus, append
edit, update
cancel, close, dismiss, discard
search, filter, query, go
buy, order, checkout, cart
user, account, member, people
password, confirmation, repeat, again
title, name, subject, heading
name, username, fullname
text, content, body, message, desc
amount, quantity, count, number
price, cost, total
xsign, delete, close
date, day, when, time
file, image, upload, attach
image, avatar, icon
help, support, faq, doc
home, start, main, index
state, region, province, county
article, post, story
category, section, topic, facet
run, execute, go, apply, submit
vote, submit, poll
username, login, email
question, poll, survey
product, item, article
"""

NUMBER_WORDS = {
    "no": 0,
    "zero": 0,
    "one": 1,
    "single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "both": 2,
    "a couple of": 2,
    "couple": 2,
    "dozen": 12,
}
ORDINAL_WORDS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "last": -1,
    "final": -1,
    "bottom": -1,
    "top": 1,
    "topmost": 1,
    "only": 1,
    "top most": 1,
    "penultimate": -2,
}
STOP_WORDS = frozenset(
    "a an the of to in on at for with and or is are be this that these those your my our its it "
    "into from by as some any please then now also".split()
)

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_WORD = re.compile(r"[^\w]+", re.UNICODE)
_SYMBOLS = {
    "×": "x",
    "✕": "x",
    "✖": "x",
    "✗": "x",
    "☰": "menu",
    "🔍": "search",
    "🗑": "trash",
    "＋": "add",
    "⚙": "settings",
    "🛒": "cart",
    "✎": "edit",
    "✏": "edit",
    "›": " next",
    "»": " next",
    "‹": " previous",
    "«": " previous",
}


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Lower case without accents, typographic quotes and repeated white space."""
    folded = unicodedata.normalize("NFKD", text.replace("’", "'").replace("‘", "'"))
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    return " ".join(folded.lower().split())


@lru_cache(maxsize=20_000)
def plain(text: str) -> str:
    """Folded words only: camelCase and punctuation become spaces, known symbols become words."""
    if len(text) <= 3 and text.strip() in _SYMBOLS:
        return _SYMBOLS[text.strip()].strip()
    for symbol, word in _SYMBOLS.items():
        if symbol in text and len(symbol + word) < len(text) and not word.startswith(" "):
            text = text.replace(symbol, f" {word} ")
    text = fold(_CAMEL.sub(" ", text)).replace("_", " ").replace("'", "")
    return " ".join(_NOT_WORD.sub(" ", text).split())


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A light stem: plural and -ing/-ed endings only, so that different words stay different."""
    if word.isdigit():
        return str(int(word))
    if len(word) <= 3:
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    for ending in ("ing", "ed"):
        root = word[: -len(ending)]
        if word.endswith(ending) and len(root) >= 4 and any(v in root for v in "aeiouy"):
            return root[:-1] if root[-1] == root[-2] and root[-1] not in "ls" else root
    return word


def _same_table() -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for line in _SAME.strip().splitlines():
        canonical, _, rest = line.partition(":")
        for text in (canonical, *rest.split(",")):
            table[tuple(stem(word) for word in text.split())] = canonical
    return table


_SAME_TABLE = _same_table()
_LONGEST = max(len(key) for key in _SAME_TABLE) + 1  # one small word may stand inside


@lru_cache(maxsize=20_000)
def canonical(text: str) -> tuple[str, ...]:
    """Stemmed tokens without stop words, synonyms replaced by their canonical word."""
    words = [stem(word) for word in plain(text).split()]
    found: list[str] = []
    at = 0
    while at < len(words):
        known, used = _known(words, at)
        found.append(known)
        at += used
    kept = tuple(word for word in found if word not in STOP_WORDS)
    return kept or tuple(found)


def _known(words: list[str], at: int) -> tuple[str, int]:
    """The canonical word for the longest known text here; small words inside it may be skipped."""
    for size in range(min(_LONGEST, len(words) - at), 0, -1):
        known = _SAME_TABLE.get(tuple(words[at : at + size]))
        if known is not None:
            return known, size
        window = words[at : at + size]
        told = [word for word in window if word not in STOP_WORDS]
        if 1 < len(told) < size and told[0] == window[0] and told[-1] == window[-1]:
            known = _SAME_TABLE.get(tuple(told))
            if known is not None:
                return known, size
    return words[at], 1


@lru_cache(maxsize=20_000)
def tokens(text: str) -> tuple[str, ...]:
    """Stemmed tokens without stop words; synonyms stay as written."""
    words = tuple(stem(word) for word in plain(text).split())
    return tuple(word for word in words if word not in STOP_WORDS) or words


def _near_table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _NEAR.strip().splitlines():
        group = {canonical(word.strip())[0] for word in line.split(",")}
        for word in group:
            table.setdefault(word, set()).update(group - {word})
    return {word: frozenset(others) for word, others in table.items()}


_NEAR_TABLE = _near_table()


def near(a: str, b: str) -> bool:
    """Whether two canonical words are related on user interfaces."""
    return b in _NEAR_TABLE.get(a, frozenset())


def word_number(word: str) -> int | None:
    """The number that a word or digits stand for."""
    low = word.lower()
    if low.isdigit():
        return int(low)
    return NUMBER_WORDS.get(low)


_ORDINAL_DIGITS = re.compile(r"^(\d+)(?:st|nd|rd|th)$")


def word_ordinal(word: str) -> int | None:
    """The position (from 1, -1 the last) that an ordinal word stands for."""
    low = word.lower()
    match = _ORDINAL_DIGITS.match(low)
    return int(match[1]) if match else ORDINAL_WORDS.get(low)


@lru_cache(maxsize=50_000)
def lexical(query: str, text: str) -> float:
    """How well a text answers to a name, by words alone: 1 equal, 0 nothing in common."""
    if not query or not text:
        return 0.0
    if fold(query) == fold(text):
        return 1.0
    if plain(query) == plain(text) and plain(query):
        return 0.98
    if tokens(query) == tokens(text) and tokens(query):
        return 0.95
    asked, given = canonical(query), canonical(text)
    if not asked or not given:
        return 0.0
    if asked == given:
        return 0.9
    return max(_overlap(asked, given), 0.6 if "".join(asked) == "".join(given) else 0.0)


_NEUTRAL = frozenset(
    {"view", "open", "show", "my", "your", "all", "see", "go", "here", "link", "button"}
)


def _overlap(asked: tuple[str, ...], given: tuple[str, ...]) -> float:
    """Share of the asked words that are given, less for words that were not asked for."""
    left = list(given)
    hit = 0.0
    for word in asked:
        if word in left:
            left.remove(word)
            hit += 1.0
            continue
        other = next((one for one in left if near(word, one)), None)
        prefix = next((one for one in left if _prefix(word, one)), None)
        if other is not None:
            left.remove(other)
            hit += 0.6
        elif prefix is not None:
            left.remove(prefix)
            hit += 0.7
    recall = hit / len(asked)
    # "View basket" and "My orders" say no more than "basket" and "orders"
    precision = hit / max(1, len(given) - sum(0.7 for word in left if word in _NEUTRAL))
    if recall == 0.0:
        return 0.0
    score = recall * (0.62 + 0.26 * precision)
    return score if recall >= 0.99 else score * (0.55 + 0.45 * recall)


def _prefix(a: str, b: str) -> bool:
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    return len(short) >= 4 and long.startswith(short) and len(long) - len(short) <= 5
