"""Words for what an exploration did and found; pure."""

from __future__ import annotations

from assay.atlas import findings as found
from assay.atlas.model import AppMap, FindingKind, Purpose
from assay.browser.model import Effect, Observation


def sample_term(observation: Observation) -> str:
    """A word from the page's own content that a search may well find."""
    best = ""
    chrome = {
        node.ref
        for node in observation.nodes
        if node.landmark in {"navigation", "banner", "contentinfo"}
    }
    for collection in observation.collections:
        if collection.item_refs and collection.item_refs[0] in chrome:
            continue
        for text in collection.item_texts[:12]:
            for word in text.split():
                clean = word.strip(".,:;()[]“”\"'")
                if clean.isalpha() and len(clean) >= 4 and clean[0].isupper():
                    return clean
                best = best or (clean if clean.isalpha() and len(clean) >= 4 else "")
    return best or "test"


def summary(effect: Effect, observation: Observation) -> str:
    """What an action changed, in a few words."""
    if effect.url_before != effect.url_after:
        title = observation.title or effect.url_after
        return f"opens {found.path_of(effect.url_after)} ({title[:60]})"
    if effect.dialogs:
        return f"shows the {effect.dialogs[0].kind} “{effect.dialogs[0].message[:60]}”"
    if effect.downloads:
        return f"downloads {effect.downloads[0].filename}"
    if observation.notices:
        return f"shows “{observation.notices[0][:80]}”"
    return "changes the page" if effect.mutated else "nothing seen"


def tell(app_map: AppMap) -> str:
    """One sentence on what an exploration found."""
    purposes = [form.purpose for form in app_map.forms if form.purpose is not Purpose.OTHER]
    names = list(dict.fromkeys(f"a {purpose.value} form" for purpose in purposes))
    broken = [item for item in app_map.findings if item.kind is not FindingKind.CAPTCHA]
    line = f"explored {len(app_map.states)} states"
    if names:
        line += ", found " + ", ".join(names)
    if broken:
        line += f", and {len(broken)} problem{'s' if len(broken) != 1 else ''}"
    return line
