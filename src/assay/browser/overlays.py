"""What stands before a page without being part of it: consent banners and robot checks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assay.browser.model import Node, Observation

_TOPIC = re.compile(r"\b(cookies?|consent|gdpr|privacy (policy|settings|choices)|tracking)\b", re.I)
_PLACE = re.compile(r"cookie|consent|gdpr|onetrust|cmp|privacy|didomi|usercentrics", re.I)
# The least that is agreed to comes first; closing decides nothing and comes last.
_ANSWERS = (
    re.compile(r"^(reject|decline|refuse|deny)( all| cookies| all cookies)?$", re.I),
    re.compile(r"^(only|use|accept|allow)? ?(strictly )?(necessary|essential|required)", re.I),
    re.compile(r"^(accept|agree|allow|ok(ay)?|got it|i (accept|agree|understand))\b", re.I),
    re.compile(r"^(close|dismiss|x|×|✕|no,? thanks|maybe later|not now|later)( .*)?$", re.I),
)
_CAPTCHAS = (
    (re.compile(r"recaptcha", re.I), "reCAPTCHA"),
    (re.compile(r"hcaptcha", re.I), "hCaptcha"),
    (re.compile(r"turnstile|challenges\.cloudflare|cf-chl", re.I), "Cloudflare Turnstile"),
    (re.compile(r"arkoselabs|funcaptcha", re.I), "Arkose Labs"),
    (re.compile(r"geetest", re.I), "GeeTest"),
    (re.compile(r"captcha", re.I), "a CAPTCHA"),
)
_ASKS = re.compile(
    r"(verify|prove|confirm)( that)? you( are|'re|’re) (a )?(human|not a robot)|i'?m not a robot|"
    r"checking (if the site connection|your browser)|unusual traffic from your",
    re.I,
)


def consent(observation: Observation) -> str | None:
    """The ref of the control that ends a consent banner or notice, if one is shown."""
    nodes = {node.ref: node for node in observation.nodes}
    best: tuple[int, str] | None = None
    for node in observation.nodes:
        if not node.interactive or node.role not in {"button", "link", "generic"}:
            continue
        if node.role == "link" and node.href and "#" not in node.href:
            continue  # “Cookie policy” and the like lead away
        words = node.name or node.own_text or node.title
        rank = next((i for i, answer in enumerate(_ANSWERS) if answer.search(words.strip())), None)
        if rank is None or not _in_banner(node, nodes, observation):
            continue
        if best is None or rank < best[0]:
            best = (rank, node.ref)
    return best[1] if best else None


def _in_banner(node: Node, nodes: dict[str, Node], observation: Observation) -> bool:
    width, height = observation.viewport
    for holder in _holders(node, nodes):
        if holder.tag in {"body", "html", "main"} or len(holder.text) > 3000:
            return False
        if not _TOPIC.search(holder.text):
            continue
        named = _PLACE.search(f"{holder.dom_id} {' '.join(holder.classes)} {holder.name}")
        edge = holder.box.y + holder.box.height >= height - 40 or holder.box.y <= 40
        wide = holder.box.width >= width * 0.5
        if named or holder.role in {"dialog", "alertdialog"} or holder.dialog or (edge and wide):
            return True
    return False


def _holders(node: Node, nodes: dict[str, Node]) -> Iterator[Node]:
    seen = nodes.get(node.parent) if node.parent else None
    if node.dialog and node.dialog in nodes:
        yield nodes[node.dialog]
    for _ in range(8):
        if seen is None:
            return
        yield seen
        seen = nodes.get(seen.parent) if seen.parent else None


def captcha(observation: Observation) -> str | None:
    """The kind of robot check that the page shows, in words; ``None`` without one."""
    for node in observation.nodes:
        marks = f"{node.title} {node.dom_id} {' '.join(node.classes)}"
        if node.tag == "iframe":
            marks += f" {node.name} {node.src}"
        for pattern, kind in _CAPTCHAS:
            if pattern.search(marks):
                return kind
        if node.tag in {"input", "img"} and re.search(
            r"captcha", f"{node.dom_name} {node.label} {node.alt}", re.I
        ):
            return "a CAPTCHA"
    return "a check for robots" if _ASKS.search(observation.text[:4000]) else None
