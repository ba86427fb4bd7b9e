"""Tests of the links that lead about a site: menus, the bottom of the page, items of a list."""

from __future__ import annotations

from assay.atlas.fields import label_of
from assay.atlas.focus import Wanted
from assay.atlas.scout import link_of, same_site
from assay.atlas.words import is_commit, is_destructive, is_logout
from assay.browser.model import ActionKind, Node, Observation
from assay.cases.goals_find import titles
from assay.cases.goals_workshop import (
    Plan,
    Workshop,
    clear_banner,
    expect_heading,
    expect_text,
    expect_url,
    go,
    heading_node,
    path_of,
)
from assay.cases.model import Draft


def navigation_plans(shop: Workshop) -> tuple[Plan, ...]:
    """Tests of the links that every visitor uses."""

    async def main() -> Draft | None:
        return await _links(shop, "navigation-main", "The main links open their pages", False)

    async def footer() -> Draft | None:
        return await _links(
            shop, "navigation-footer", "The links at the bottom open their pages", True
        )

    async def content() -> Draft | None:
        return await _first_item(shop)

    return (
        Plan("navigation-main", "The main links open their pages", main),
        Plan(
            "navigation-footer",
            "The links at the bottom open their pages",
            footer,
            words="footer bottom",
        ),
        Plan("navigation-item", "Open an item from a list", content, words="item details product"),
    )


def _page_links(observation: Observation, shop: Workshop, footer: bool) -> list[Node]:
    found: dict[str, Node] = {}
    for node in observation.nodes:
        if node.role != "link" or not label_of(node) or node.states & {"covered"}:
            continue
        at_bottom = node.landmark == "contentinfo"
        if at_bottom is not footer or (not footer and node.landmark in {"main", ""}):
            continue
        url = link_of(node, observation.url)
        words = f"{label_of(node)} {url.split('//', 1)[-1].partition('/')[2]}"
        if not url or not same_site(url, shop.target) or url == observation.url:
            continue
        if is_logout(words) or is_destructive(words) or is_commit(label_of(node)):
            continue
        found.setdefault(url, node)
    return list(found.values())


async def _links(shop: Workshop, key: str, name: str, footer: bool) -> Draft | None:
    async with shop.recorder(key) as rec:
        start = path_of(shop.target.url)
        await rec.open(start, "Open the start page")
        await clear_banner(rec)
        links = [label_of(node) for node in _page_links(rec.observation, shop, footer)]
        if not links and not footer:
            links = [
                label_of(n)
                for n in rec.observation.nodes
                if n.role == "link" and same_site(link_of(n, rec.observation.url), shop.target)
            ][:5]
        seen: list[str] = []
        for number, label in enumerate(links[:8]):
            if number:
                await rec.open(start, "Go back to the start page")
            node = next(
                (n for n in _page_links(rec.observation, shop, footer) if label_of(n) == label),
                None,
            )
            node = node or next(
                (n for n in rec.observation.nodes if n.role == "link" and label_of(n) == label),
                None,
            )
            if node is None:
                continue
            await rec.act(ActionKind.CLICK, node.ref)
            status = rec.moments[-1].effect.status or rec.observation.status or 200
            if status >= 400:
                shop.notes.append(f"The link “{label}” leads to a page that answers {status}.")
                del rec.steps[-1]
                continue
            await expect_url(
                rec, f"“{label}” opens {path_of(rec.observation.url).partition('?')[0]}"
            )
            if heading_node(rec.observation) is not None:
                await expect_heading(rec)
            seen.append(label)
        if not seen:
            return None
        return rec.draft(
            key,
            name,
            "Every link opens the page it names.",
            "each of "
            + ", ".join(f"“{item}”" for item in seen)
            + " opens its page and shows its heading",
        )


async def _first_item(shop: Workshop) -> Draft | None:
    spot = await shop.spot(
        "listing",
        Wanted("catalogue products items list browse all", page=lambda o: len(titles(o)) >= 3),
        hops=4,
        seconds=4.0,
    )
    if spot is None:
        return None
    async with shop.recorder("navigation-item") as rec:
        await go(rec, spot)
        for name in titles(rec.observation)[:3]:
            node = next(
                (
                    n
                    for n in rec.observation.nodes
                    if n.role == "link" and (n.name == name or n.text == name)
                ),
                None,
            )
            if node is None:
                continue
            before = rec.observation
            await rec.act(ActionKind.CLICK, node.ref)
            if rec.observation.url == before.url:
                return None
            await expect_url(rec)
            if await expect_heading(rec) or await expect_text(rec, name):
                return rec.draft(
                    "navigation-item",
                    f"Open “{name}” from the list",
                    "An item of the list opens its own page.",
                    f"the page of “{name}” is shown",
                )
        return None
