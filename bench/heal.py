"""Elements recorded before a redesign, looked for after it with the product's own resolver.

Two kinds of pairs. *Versions*: the same page of two published versions of one application from
PyPI. Which elements are the same is told from what they do, not from how they look: a field by
the name it is sent under (and its value, for choices), a link by where it leads and what it says, a
button by what it sends; only those whose mark is theirs alone on both pages are pairs, and those
with no counterpart count as gone. *Redesigns*: a page of the sample shop with ids, classes and
wrappers changed, lists reordered and labels reworded by a script; elements carry a hidden mark.

An element is *found* (the right one), *abstained* (nothing was chosen) or *wrong*.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from assay.browser.model import Action, ActionKind, LocatorBundle, Observation
from assay.browser.pool import PlaywrightPool
from assay.browser.port import SessionOptions
from assay.browser.session import PlaywrightSession
from bench.serving import sample_shop
from bench.versions import SUBJECTS, Subject, running

# What an element does, read from the element itself; never shown to the resolver.
_MARK = """(e) => {
  const clean = (t) => (t || '').replace(/\\s+/g, ' ').trim().toLowerCase();
  const tag = e.tagName.toLowerCase();
  const form = e.closest('form');
  const where = form ? new URL(form.action || location.href, location.href).pathname : '';
  if (tag === 'a' && e.href) { const u = new URL(e.href); return 'link ' + u.pathname + u.search +
    u.hash + ' ' + clean(e.textContent); }
  if (['input', 'select', 'textarea'].includes(tag) && e.name) {
    const choice = ['checkbox', 'radio', 'submit', 'button'].includes(e.type);
    return 'field ' + where + ' ' + e.name + ' ' + (choice ? e.value : '');
  }
  if (tag === 'button' || e.type === 'submit' || e.type === 'button') {
    return 'button ' + where + ' ' + (e.name || '') + ' ' + clean(e.value || e.textContent);
  }
  return '';
}"""
_NUMBER = "() => { let n = 0; for (const e of document.querySelectorAll('*')) e.__mark = ++n; }"
_NUMBERED = "(e) => e.__mark ? String(e.__mark) : ''"
# A redesign: new ids and classes, wrappers, other order, other words on some labels.
_REDESIGN = """(seed) => {
  const most = 2147483648;
  let state = seed; const rand = () => (state = (state * 1103515245 + 12345) % most) / most;
  const all = [...document.body.querySelectorAll('*')];
  for (const e of all) {
    if (e.id && rand() < 0.5) {
      const fresh = 'x' + Math.floor(rand() * 1e6);
      for (const l of document.querySelectorAll('label')) if (l.htmlFor === e.id) l.htmlFor = fresh;
      e.id = fresh;
    }
    if (e.classList.length && rand() < 0.6) e.className = 'c' + Math.floor(rand() * 1e5);
  }
  for (const e of all) {
    if (!e.isConnected || !e.matches('main *')) continue;
    if (e.matches('tr,td,th,li,option,thead,tbody,dt,dd')) continue;
    if (rand() < 0.15 && e.parentElement && !e.matches('label *')) {
      const wrap = document.createElement('div'); e.replaceWith(wrap); wrap.append(e);
    }
  }
  for (const list of document.querySelectorAll('main ul, main ol, nav ul')) {
    if (rand() >= 0.5) continue;
    for (const kid of [...list.children].reverse()) list.append(kid);
  }
  const words = { 'Sign in': 'Log in', 'Search': 'Find', 'Add to cart': 'Add to basket',
    'Cart': 'Basket', 'Email address': 'Email', 'Full name': 'Your name', 'Update': 'Update cart',
    'Contact': 'Contact us',
    'Create account': 'Create your account', 'Message': 'Your message' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    if (words[text] && rand() < 0.5) node.data = node.data.replace(text, words[text]);
  }
}"""
_SHOP_PAGES = (
    "/", "/products", "/products/enamel-kettle", "/sign-in", "/sign-up", "/cart", "/contact",
)  # fmt: skip

Marker = Callable[[PlaywrightSession, Observation], Awaitable[dict[str, str]]]


async def open_page(session: PlaywrightSession, path: str) -> Observation:
    """Go to a page and look at it."""
    await session.perform(Action(ActionKind.NAVIGATE, value=path))
    return await session.observe()


async def marks(session: PlaywrightSession, seen: Observation, script: str) -> dict[str, str]:
    """The mark of every element that can be acted on, by its ref; those shared by two are left."""
    found: dict[str, str] = {}
    for node in seen.nodes:
        if not node.interactive or node.frame:
            continue
        number = int(node.ref.partition("e")[2])
        mark = await session.page.evaluate(
            "([n, script]) => { const e = window[Symbol.for('assay')].element(n);"
            " return e ? (0, eval)(script)(e) : ''; }",
            [number, script],
        )
        if mark:
            found[node.ref] = mark
    many = Counter(found.values())
    return {ref: mark for ref, mark in found.items() if many[mark] == 1}


async def recorded(
    session: PlaywrightSession, seen: Observation, known: dict[str, str]
) -> dict[str, LocatorBundle]:
    """The bundle of every marked element, by its mark."""
    found: dict[str, LocatorBundle] = {}
    for node in seen.nodes:
        if node.ref in known:
            found[known[node.ref]] = await session.bundle(node.ref)
    return found


async def judged(
    session: PlaywrightSession,
    before: dict[str, LocatorBundle],
    script: str,
    place: str,
    present: set[str],
) -> list[dict[str, Any]]:
    """Look every recorded element up on the page as it is now."""
    rows: list[dict[str, Any]] = []
    for mark, bundle in before.items():
        found = await session.resolve(bundle)
        outcome, got = "abstained", ""
        if isinstance(found.handle, str) and found.outcome in {"unique", "healed"}:
            number = int(found.handle.partition("e")[2])
            got = await session.page.evaluate(
                "([n, script]) => { const e = window[Symbol.for('assay')].element(n);"
                " return e ? (0, eval)(script)(e) : ''; }",
                [number, script],
            )
            outcome = "found" if got == mark else "wrong"
        rows.append(
            {
                "place": place,
                "element": bundle.intent,
                "mark": mark,
                "there": mark in present,
                "outcome": outcome,
                "by": found.by or found.outcome,
                "score": round(found.score, 3),
                "margin": round(found.margin, 3),
                "got": got if outcome == "wrong" else "",
                "candidates": list(found.candidates) if outcome != "found" else [],
            }
        )
    return rows


async def log_in(session: PlaywrightSession, subject: Subject) -> None:
    """Sign in where the application needs it, without anything of the product's."""
    if subject.login is None:
        return
    path, user, password = subject.login
    await open_page(session, path)
    await session.page.fill("input[name=username]", user)
    await session.page.fill("input[name=password]", password)
    await session.page.press("input[name=password]", "Enter")
    await session.page.wait_for_url(lambda url: path not in url)


async def of_versions(
    pool: PlaywrightPool, subject: Subject, before: str, after: str
) -> list[dict[str, Any]]:
    """All pages of one application, recorded on one version and looked for on the other."""
    rows: list[dict[str, Any]] = []
    async with pool.session(_options(before)) as old, pool.session(_options(after)) as new:
        await log_in(old, subject)
        await log_in(new, subject)
        for path in subject.paths:
            seen = await open_page(old, path)
            bundles = await recorded(old, seen, await marks(old, seen, _MARK))
            later = await open_page(new, path)
            there = set((await marks(new, later, _MARK)).values())
            every = await _every_mark(new, later)
            # What several elements of the new page do alike has no one right answer.
            pairs = {k: v for k, v in bundles.items() if k in there or k not in every}
            rows += await judged(new, pairs, _MARK, f"{subject.name} {path}", there)
    return rows


async def _every_mark(session: PlaywrightSession, seen: Observation) -> set[str]:
    found: list[str] = await session.page.evaluate(
        "(script) => [...document.querySelectorAll('a,input,select,textarea,button')]"
        ".map((e) => (0, eval)(script)(e))",
        _MARK,
    )
    return set(found)


async def of_redesigns(pool: PlaywrightPool, url: str, seeds: int) -> list[dict[str, Any]]:
    """Pages of the sample shop before and after redesigns by a script."""
    rows: list[dict[str, Any]] = []
    async with pool.session(_options(url)) as session:
        for path in _SHOP_PAGES:
            for seed in range(seeds):
                await open_page(session, path)
                await session.page.evaluate(_NUMBER)
                seen = await session.observe()
                known = await marks(session, seen, _NUMBERED)
                bundles = await recorded(session, seen, known)
                number = random.Random(f"{path} {seed}").randrange(1, 2**31)
                await session.page.evaluate(_REDESIGN, number)
                place = f"shop {path} seed {seed}"
                rows += await judged(session, bundles, _NUMBERED, place, set(bundles))
    return rows


def _options(url: str) -> SessionOptions:
    return SessionOptions(url, frozenset({urlsplit(url).netloc}))


def told(name: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Print and give the figures of one subject."""
    there = [row for row in rows if row["there"]]
    gone = [row for row in rows if not row["there"]]
    count = Counter(row["outcome"] for row in there)
    wrong = count["wrong"] + sum(1 for row in gone if row["outcome"] != "abstained")
    found = count["found"] / len(there) if there else 0.0
    print(
        f"{name:24} pairs {len(there):4}  found {count['found']:4} ({found:.1%})  abstained "
        f"{count['abstained']:3}  wrong {count['wrong']:3}  |  gone {len(gone):3}, taken for "
        f"another {wrong - count['wrong']:3}",
        flush=True,
    )
    for row in rows:
        if row["outcome"] == "wrong":
            print(f"    WRONG {row['place']}: {row['element']} -> {row['got']} by {row['by']}"
                  f" {row['score']}/{row['margin']}")  # fmt: skip
    return {
        "name": name,
        "pairs": len(there),
        "found": count["found"],
        "abstained": count["abstained"],
        "wrong": count["wrong"],
        "gone": len(gone),
        "gone_taken": wrong - count["wrong"],
    }


async def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Every subject that was asked for."""
    pool = PlaywrightPool()
    report: dict[str, Any] = {"subjects": [], "rows": []}
    try:
        for subject in SUBJECTS:
            if args.subject and subject.name not in args.subject:
                continue
            with (
                running(subject, subject.before, args.install_dir) as before,
                running(subject, subject.after, args.install_dir) as after,
            ):
                rows = await of_versions(pool, subject, before, after)
            name = f"{subject.name} {subject.before}→{subject.after}"
            report["subjects"].append(told(name, rows))
            report["rows"] += rows
        if not args.subject or "shop" in args.subject:
            with sample_shop() as shop:
                rows = await of_redesigns(pool, shop.url, args.seeds)
            report["subjects"].append(told("shop redesigned", rows))
            report["rows"] += rows
    finally:
        await pool.close()
    return report


def main(argv: list[str]) -> int:
    """Run the bench; exit code 0 when 95 % were found again and nothing was taken for another."""
    parser = argparse.ArgumentParser(prog="python -m bench heal", description=__doc__)
    parser.add_argument("--subject", action="append", default=[], help="only these")
    parser.add_argument("--seeds", type=int, default=2, help="redesigns of each shop page")
    parser.add_argument("--install-dir", type=Path, default=Path.home() / ".cache/assay-versions")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args(argv)
    report = asyncio.run(measure(args))
    report |= {"machine": platform.platform(), "python": platform.python_version()}
    if args.json:
        args.json.write_text(json.dumps(report, indent=1))
    totals = Counter[str]()
    for subject in report["subjects"]:
        totals.update({key: value for key, value in subject.items() if key != "name"})
    pairs = max(1, totals["pairs"])
    wrong = totals["wrong"] + totals["gone_taken"]
    print(
        f"found {totals['found']}/{totals['pairs']} ({totals['found'] / pairs:.1%}), abstained "
        f"{totals['abstained']}, wrong {totals['wrong']}; of {totals['gone']} gone, "
        f"{totals['gone_taken']} were taken for another"
    )
    return 0 if totals["found"] >= 0.95 * pairs and not wrong else 1
