"""“Create tests for login and checkout”: from a feature's name to written tests, with no model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from assay.atlas.model import AppMap
from assay.atlas.words import closeness, fold, tokens
from assay.browser.port import BrowserPool
from assay.cases.goals_access import login_plans, signup_plans
from assay.cases.goals_cart import cart_plans
from assay.cases.goals_checkout import checkout_plans
from assay.cases.goals_find import filter_plans, search_plans
from assay.cases.goals_links import navigation_plans
from assay.cases.goals_records import generic_plans, message_plans, record_plans
from assay.cases.goals_workshop import Plan, Workshop, attempt
from assay.cases.model import Draft
from assay.kernel.progress import Progress
from assay.projects.model import Target

_FAMILIES: tuple[tuple[str, str], ...] = (
    ("checkout", r"check[- ]?out|plac(?:e|ing) (?:an? )?orders?|ordering|payment|purchas|buying"),
    ("cart", r"\b(?:cart|basket|bag|trolley)\b"),
    ("signup", r"sign[- ]?up|regist|create (?:an )?account|new account"),
    ("reset", r"(?:forgot|reset|recover)\w* .{0,12}password|password reset"),
    (
        "login",
        r"log[- ]?(?:in|on)\b|sign[- ]?in\b|authenticat|logging in|signing in|credentials|password",
    ),
    ("filter", r"filter|sort(?:ing)?\b|order by|facet|narrow"),
    ("search", r"search"),
    ("navigation", r"navigat|\bmenu\b|\blinks?\b|smoke|all pages|browsing"),
    ("contact", r"contact|support form|feedback"),
    ("newsletter", r"newsletter|subscri"),
    ("comment", r"comment|review form|reviews"),
    ("voucher", r"voucher|coupon|promo|discount"),
    (
        "settings",
        r"settings|preferences|profile|^(?:the |my |user |customer )*accounts?(?: page| area)?$",
    ),
    ("record", r"\b(?:creat|add|new|edit|delet|crud|manag|upload|insert)\w*\b"),
)
_EVERYTHING = re.compile(
    r"^(?:the )?(?:whole |entire |main |most important |core |key |critical )?"
    r"(?:site|website|app|application|shop|everything|all|features?|flows?|functionality|"
    r"journeys?|it|pages?)$"
)
# One feature gets its whole set; of several, what must work and the refusal that tells most.
_PER_FEATURE, _PER_FEATURE_OF_SEVERAL = 4, 2
_NEGATIVE = re.compile(
    r"\b(?:wrong|invalid|incorrect|bad|empty|blank|missing|without|unknown|negative|refus|reject|"
    r"error|mismatch|different|no result)\w*\b"
)


async def write_tests(
    features: Sequence[str],
    count: int | None,
    pool: BrowserPool,
    target: Target,
    progress: Progress,
    existing: Sequence[str] = (),
    app_map: AppMap | None = None,
    *,
    written: Callable[[Draft], None] = lambda draft: None,
) -> list[Draft]:
    """Write tests for each feature, what must work first, then what must be refused.

    ``count`` bounds the tests of all features together; ``existing`` are names of tests that are
    not written again. ``written`` hears of each test at once, while the next is being written. A
    draft with ``problem`` and no steps says why a feature got no test.
    """
    shop = Workshop(pool, target, progress, request=" ".join(features), known=app_map)
    wanted = tuple(features) or ("site",)
    queues = [list(_fitting(plans_for(shop, feature), feature)) for feature in wanted]
    drafts: list[Draft] = []
    each = _PER_FEATURE if len(queues) == 1 else _PER_FEATURE_OF_SEVERAL
    limit = count if count is not None else each * len(queues)
    for feature, queue in zip(wanted, queues, strict=True):
        if len(drafts) >= limit:
            break
        share = max(1, -(-(limit - len(drafts)) // (len(queues) - queues.index(queue))))
        drafts += await _work(
            shop,
            feature,
            queue,
            min(share, limit - len(drafts)),
            existing,
            [draft.key for draft in drafts],
            written,
        )
    return drafts


async def vary(
    description: str,
    base: Draft | None,
    feature: str,
    pool: BrowserPool,
    target: Target,
    progress: Progress,
    existing: Sequence[str] = (),
    app_map: AppMap | None = None,
) -> list[Draft]:
    """Tests for a follow-up such as “also test a wrong password”.

    The feature is that of the test before (``base``) or of the conversation; the description
    chooses among its tests.
    """
    shop = Workshop(pool, target, progress, request=description, known=app_map)
    plans = plans_for(shop, feature or (_feature_of(base) if base is not None else description))
    own = [plan for plan in plans_for(shop, description) if plan.key not in {p.key for p in plans}]
    ranked = sorted((*plans, *own), key=lambda plan: -_likeness(plan, description))
    best = [plan for plan in ranked if _likeness(plan, description) > 0][:1] or [
        plan for plan in plans if plan.negative
    ][:1]
    return await _work(shop, feature, best, 1, existing, [], lambda draft: None)


def _feature_of(base: Draft) -> str:
    return base.key.partition("-")[0]


def family_of(feature: str) -> str:
    """Which family of tests a feature's name calls for; ``""`` when none is known."""
    words = fold(feature)
    if _EVERYTHING.match(words.strip()):
        return "site"
    for name, pattern in _FAMILIES:
        if re.search(pattern, words):
            return name
    return ""


def plans_for(shop: Workshop, feature: str) -> tuple[Plan, ...]:
    """The tests that a feature's name calls for, most important first."""
    family = family_of(feature)
    makers: dict[str, Callable[[], tuple[Plan, ...]]] = {
        "login": lambda: login_plans(shop),
        "signup": lambda: signup_plans(shop),
        "search": lambda: search_plans(shop),
        "filter": lambda: filter_plans(shop),
        "cart": lambda: cart_plans(shop),
        "checkout": lambda: checkout_plans(shop),
        "navigation": lambda: navigation_plans(shop),
        "record": lambda: record_plans(shop, feature),
        "site": lambda: _site_plans(shop),
    }
    if family in makers:
        return makers[family]()
    if family:
        return message_plans(shop, family)
    return generic_plans(shop, feature)


def _site_plans(shop: Workshop) -> tuple[Plan, ...]:
    """The first tests of each family, for “the whole site”."""
    families = (
        navigation_plans,
        login_plans,
        search_plans,
        cart_plans,
        checkout_plans,
        filter_plans,
        signup_plans,
    )
    plans = [make(shop) for make in families]
    first = [group[0] for group in plans]
    rest = [plan for group in plans for plan in group[1:2]]
    return (*first, *rest)


def _likeness(plan: Plan, description: str) -> float:
    words = f"{plan.name} {plan.words}"
    score = len(tokens(description) & tokens(words)) + closeness(description, words)
    if bool(_NEGATIVE.search(fold(description))) is plan.negative:
        score += 0.5
    return score


def _fitting(plans: tuple[Plan, ...], feature: str) -> tuple[Plan, ...]:
    """The plans in order; when the feature asks for a refusal, those that fit it best first."""
    if not _NEGATIVE.search(fold(feature)):
        return plans
    negative = [plan for plan in plans if plan.negative]
    return tuple(sorted(negative, key=lambda plan: -_likeness(plan, feature))) or plans


async def _work(
    shop: Workshop,
    feature: str,
    queue: Sequence[Plan],
    limit: int,
    existing: Sequence[str],
    keys_before: Sequence[str],
    written: Callable[[Draft], None],
) -> list[Draft]:
    drafts: list[Draft] = []
    problems: list[Draft] = []
    known = {fold(name) for name in existing}
    keys = set(keys_before)
    for plan in queue:
        if len(drafts) >= limit:
            break
        if fold(plan.name) in known or plan.key in keys:
            continue
        await shop.progress.say(f"writing “{plan.name}”")
        draft = await attempt(plan, shop)
        if draft is None or fold(draft.name) in known:
            continue
        if draft.problem:
            problems.append(draft)
            shop.notes.append(f"“{plan.name}” could not be written: {draft.problem}")
            continue
        keys.add(draft.key)
        drafts.append(draft)
        written(draft)
    if drafts:
        return [*drafts[:-1], _noted(drafts[-1], shop)]
    return problems[:1] or _nothing(shop, feature)


def _noted(draft: Draft, shop: Workshop) -> Draft:
    return replace(draft, notes=tuple(dict.fromkeys((*draft.notes, *shop.notes))))


def _nothing(shop: Workshop, feature: str) -> list[Draft]:
    where = urlsplit(shop.target.url).netloc
    reason = (
        shop.notes[0] if shop.notes else f"No test for “{feature}” could be written on {where}."
    )
    return [
        Draft(
            key=f"none-{feature}",
            name=feature,
            goal="",
            expected_result="",
            steps=(),
            problem=reason,
            notes=tuple(shop.notes),
        )
    ]
