"""Steps that say where: "team Apollo", "docs:install", "my profile", "the oldest order".

Pure: what such words mean, and which links of a page may be meant by them. A named thing is only
itself: another one of its kind, or a longer name that holds its name, never is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import parse_qsl, unquote, urldefrag, urljoin, urlsplit

from assay.browser.model import Node, Observation
from assay.cases.ground_exact import spoken_score
from assay.cases.lexicon import leading_verb
from assay.cases.signals import name_score
from assay.cases.words import canonical, fold, lexical, plain, stem

# Things that an application has many of, each with a page and a name of its own.
KINDS = frozenset(
    "account album app application article artist author blog board book branch brand bucket "
    "calendar campaign category channel chapter chat class client collection community company "
    "contact country course customer dashboard database department directory document event "
    "feed folder forum game gallery genre group issue item journal lesson library list "
    "magazine member milestone module namespace note notebook order organisation organization "
    "package page partner patient playlist plugin poll portfolio post product project quiz recipe "
    "release repo repository room school section segment series service shop site song "
    "space station store student subject subforum supplier survey table tag task team template "
    "theme thread ticket topic track tutorial user vendor video warehouse website wiki workspace "
    "world".split()
)
_KIND_NAME = re.compile(r"^(?:the\s+)?(?P<kind>[A-Za-z]+)\s+(?P<name>\S.*)$")
_SEPARATED = re.compile(r"^(?=[^\W\d])[\w.\-]+(?:(?:::?|/)[\w.\-]*[^\W\d][\w.\-]*)+$")
_OWN = re.compile(
    r"(?i)^(?:(?:the|my|your|our|own|his|her|their)\s+)*(?:my|your|our|own|his|her|their)\s+"
    r"(?P<what>(?:user\s+)?(?:profile|account)(?=$|\s+page$))"
)
_EXTREME = re.compile(
    r"(?i)^(?:the\s+)?(?P<end>oldest|earliest|newest|latest|most recent|first|last)"
    r"(?:\s+(?:one|(?P<noun>[a-z]+(?:\s+[a-z]+)?)))?$"
)
_ENDS: dict[str, Literal["old", "new", "first", "last"]] = {
    "oldest": "old", "earliest": "old", "newest": "new", "latest": "new", "most recent": "new",
    "first": "first", "last": "last",
}  # fmt: skip
_LEADING = frozenset({"link", "tab", "menuitem", "treeitem"})
_OWN_WORDS = frozenset((*canonical("view open show see user own me"), "page"))
_SPEECHLESS = frozenset({"", "page", "item", "document", "section", "site", "list"})
_SAME = 0.93  # a name with no more than a count behind it


@dataclass(frozen=True, slots=True)
class Named:
    """A thing by its kind and its name, or by a name with separators when ``kind`` is empty.

    ``whole`` is what was said, which may as well be the name of a control ("Order History").
    """

    name: str
    kind: str = ""
    whole: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """The profile or account of who is signed in."""

    what: str


@dataclass(frozen=True, slots=True)
class Extreme:
    """The one at an end of a list: by its date ("old", "new") or by its place in the list."""

    end: Literal["old", "new", "first", "last"]
    noun: str = ""


Where = Named | Own | Extreme


def read_where(said: str, quoted: tuple[str, ...] = ()) -> Where | None:
    """What a location alone names; ``None`` where the words may mean anything else.

    ``quoted`` are the parts that stood in quotes: as a name, they need no capital letter.
    """
    said = " ".join(said.split())
    if (own := _OWN.match(said)) is not None:
        return Own(own["what"].lower())
    if (extreme := _EXTREME.match(said)) is not None and not quoted:
        end, noun = _ENDS[extreme["end"].lower()], (extreme["noun"] or "").lower()
        # "the first order" is a matter of position, and "First name" a field
        return Extreme(end, noun) if not noun or end in ("old", "new") else None
    if said in quoted:
        return None
    if _SEPARATED.match(said):
        return Named(said)
    match = _KIND_NAME.match(said)
    if match is None or match["kind"].lower() not in KINDS:
        return None
    name = match["name"]
    titled = name[0].isupper() or name in quoted or _SEPARATED.match(name) is not None
    spoken = match["kind"].islower() or leading_verb(said) is None  # "Order by Name" is no thing
    return Named(name, match["kind"].lower(), said) if titled and spoken else None


def links_to(page: Observation, named: Named) -> list[Node]:
    """The links of a page to the named thing, one for each address.

    What goes by all that was said comes before what only has the name; where the addresses of some
    speak of the kind, the others are left out.
    """
    if named.whole:
        whole = [node for node in page.nodes if _is_whole(node, named.whole)]
        if whole:
            return _by_address(whole, page.url)
    found = [node for node in page.nodes if _leads(node) and _is_named(node, page.url, named)]
    if named.kind:
        kin = [node for node in found if _is_kind(node, page.url, named.kind)]
        found = kin or found
    elif found:
        least = min(_pairs(node) for node in found)
        found = [node for node in found if _pairs(node) == least]
    return _by_address(found, page.url)


def _pairs(node: Node) -> int:
    return len(parse_qsl(urlsplit(node.href).query, keep_blank_values=True))


def _is_whole(node: Node, said: str) -> bool:
    control = node.interactive and not node.editable and node.role != "combobox"
    return control and name_score(said, node)[0] >= 0.9


def is_at(page: Observation, named: Named) -> bool:
    """Whether a page is that of the named thing: by its heading, title or address."""
    if _addresses(named.name, page.url, page.url) is True:
        return True
    titles = [part.strip() for part in re.split(r"\s[-–—|·:»]\s|\s\[", page.title)[:1]]
    heads = [node.name for node in page.nodes if node.role == "heading" and node.level in (0, 1)]
    return any(_same(named.name, text) for text in (*titles, *heads[:2]) if text)


def speaks_of_kind(node: Node, base: str, named: Named) -> bool:
    """Whether a link to a thing says, if only by its address, that it is of the kind."""
    return named.kind in _SPEECHLESS or _is_kind(node, base, named.kind)


def own_links(page: Observation, own: Own, names: tuple[str, ...]) -> list[Node]:
    """The links to the signed-in user's own page: those that say so, else those of the name."""
    base = page.url
    said = [
        node
        for node in page.nodes
        if _leads(node) and is_own(node, own) and (_of_the_site(node) or _tells(node, names, base))
    ]
    if said:
        best = max(lexical(own.what, node.name) for node in said)
        return _by_address([one for one in said if lexical(own.what, one.name) >= best], base)
    called = [
        node
        for node in page.nodes
        if _leads(node) and any(_same(name, node.name) for name in names if name)
    ]
    return _by_address([node for node in called if _of_the_site(node)] or called, base)


def is_own(node: Node, own: Own) -> bool:
    """Whether a control is called the profile or account, with no more than "my" or "view"."""
    words = set(canonical(node.name or node.text))
    wanted = set(canonical(own.what)) - _OWN_WORDS
    return bool(words) and wanted <= words and not words - wanted - _OWN_WORDS


def _tells(node: Node, names: tuple[str, ...], base: str) -> bool:
    """Whether the address of a link ends with one of the names."""
    last = fold(unquote(urljoin(base, node.href)).rstrip("/"))
    return any(re.search(rf"[/=:]{re.escape(fold(name))}$", last) for name in names if name)


def _of_the_site(node: Node) -> bool:
    """Whether a link is of the site's own bars rather than of what a page lists."""
    return node.landmark in ("navigation", "banner") or not node.row


def _leads(node: Node) -> bool:
    return node.role in _LEADING and (bool(node.href) or node.interactive)


def _same(asked: str, shown: str) -> bool:
    return fold(asked) == fold(shown) or (bool(plain(asked)) and plain(asked) == plain(shown))


def _is_named(node: Node, base: str, named: Named) -> bool:
    separated = _SEPARATED.match(named.name) is not None
    at = _addresses(named.name, urljoin(base, node.href), base) if node.href else None
    if separated and at is not None:
        return at  # the thing itself, or something else of it, such as its history
    if node.title and _same(named.name, node.title):
        return True
    score = spoken_score(named.name, node)[0]
    return score >= _SAME


def _addresses(name: str, url: str, base: str) -> bool | None:
    """Whether an address holds a name and nothing that the page in hand has not; ``None`` for an
    address without the name."""
    if _SEPARATED.match(name) is None:
        return None
    bare, fragment = urldefrag(url)
    parts = urlsplit(bare)
    wanted = fold(name)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    known = set(parse_qsl(urlsplit(base).query)) if bare != base else set()
    rest = [pair for pair in pairs if fold(pair[1]) != wanted]
    more = bool(fragment) or any(pair[1] and pair not in known for pair in rest)
    if len(rest) < len(pairs):
        return not more
    path = fold(unquote(parts.path)).rstrip("/")
    ends = (f"/{wanted}", "/" + wanted.replace("::", "/").replace(":", "/"))
    return not more if path.endswith(ends) else None


def _is_kind(node: Node, base: str, kind: str) -> bool:
    path = re.split(r"[^a-z0-9]+", urlsplit(urljoin(base, node.href)).path.lower())
    told = canonical(f"{node.column} {node.section}")
    return stem(kind) in {stem(part) for part in path if part} or set(canonical(kind)) <= set(told)


def _by_address(nodes: list[Node], base: str) -> list[Node]:
    found: dict[str, Node] = {}
    for node in nodes:
        url = urldefrag(urljoin(base, node.href))[0].rstrip("/") if node.href else node.ref
        if url not in found or "covered" in found[url].states:
            found[url] = node
    return list(found.values())
