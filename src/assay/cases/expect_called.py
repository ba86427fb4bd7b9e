"""The elements of a page that are called so, for expected results in the plain style."""

from __future__ import annotations

from assay.browser.model import Node, Observation
from assay.cases.clauses import Place
from assay.cases.expect_context import Context
from assay.cases.ground_exact import called_so, spoken_score, stands_at
from assay.cases.pageindex import PageIndex


def nodes_called(
    context: Context,
    page: Observation,
    name: str,
    roles: tuple[str, ...],
    place: Place | None,
) -> list[Node]:
    """The elements of these roles that are called so, the surest first."""
    index = PageIndex(page)
    wanted = context.render(name)
    scored = [
        (
            max(spoken_score(wanted, node)[0], 0.9 * called_so(wanted, node, index))
            if node.role in ("dialog", "alertdialog", "form", "table", "grid")
            else spoken_score(wanted, node)[0],
            node,
        )
        for node in page.nodes
        if not roles or node.role in roles
    ]
    sure = [
        (score, node)
        for score, node in scored
        if score >= 0.85 and (place is None or stands_at(place, node, index))
    ]
    order = {role: at for at, role in enumerate(roles)}
    sure.sort(key=lambda item: (order.get(item[1].role, 0), -item[0]))
    return [node for _, node in sure]
