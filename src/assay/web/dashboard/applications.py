"""The page of an application: its environments and what is known of them."""

from __future__ import annotations

from collections import Counter

from fastapi.responses import Response

from assay.atlas import service as atlas
from assay.atlas.model import AppMap, Finding, Form, Purpose, State
from assay.cases import service as cases
from assay.projects.service import list_environments
from assay.web.context import Served
from assay.web.dashboard import views
from assay.web.dashboard.access import application_in, place_of
from assay.web.dashboard.application_contexts import (
    ApplicationPage,
    EnvironmentView,
    FormGroup,
    FormView,
    MapView,
    StateView,
)
from assay.web.dashboard.contexts import Chip, FindingView
from assay.web.dashboard.rendering import page
from assay.web.dashboard.routing import page_router
from assay.web.session import SignedIn

router = page_router()


@router.get("/p/{slug}/apps/{short_id}")
async def show(slug: str, short_id: str, served: Served, principal: SignedIn) -> Response:
    """An application with its environments and app maps."""
    async with served.database.read() as session:
        place = await place_of(session, principal, slug)
        application = await application_in(session, place, short_id)
        environments = await list_environments(session, application.id)
        maps = {one.id: await atlas.recall(session, one.id) for one in environments}
        tally = (await cases.tally(session, place.project.id)).get(application.id, {})
    default = application.default_environment_id
    environments.sort(key=lambda one: one.id != default)
    return page(
        ApplicationPage(
            shell=place.shell(application.name, "home"),
            name=application.name,
            kind=application.kind.value,
            environments=tuple(
                EnvironmentView(
                    name=one.name,
                    site=one.url,
                    default=one.id == default,
                    production=one.is_production,
                    map=_map(maps[one.id]),
                )
                for one in environments
            ),
            statuses=views.status_counts(tally),
            verdicts=views.verdict_counts(views.tally_verdicts(tally)),
            tests_url=f"{place.base}/tests?application={application.short_id}",
        )
    )


def _map(known: AppMap | None) -> MapView | None:
    if known is None:
        return None
    ways = Counter(edge.source for edge in known.actions)
    groups = (FormGroup(purpose.value, _forms(known, purpose)) for purpose in Purpose)
    return MapView(
        explored_at=known.explored_at,
        states=tuple(_state(state, ways[state.id]) for state in known.states),
        forms=tuple(group for group in groups if group.forms),
        findings=tuple(_finding(finding) for finding in known.findings),
        notes=known.notes,
    )


def _state(state: State, ways: int) -> StateView:
    return StateView(
        name=state.heading or state.title or state.url,
        place=state.url,
        kind="" if state.kind == "page" else state.kind,
        trail=" → ".join(state.trail),
        ways=ways,
    )


def _forms(known: AppMap, purpose: Purpose) -> tuple[FormView, ...]:
    return tuple(_form(form) for form in known.forms_for(purpose))


def _form(form: Form) -> FormView:
    labels = [f"{one.label or one.meaning}{'*' if one.required else ''}" for one in form.fields]
    return FormView(form.title or form.purpose.value, form.url, ", ".join(labels), form.submit)


def _finding(finding: Finding) -> FindingView:
    kind = finding.kind.value.replace("_", " ")
    return FindingView(finding.title, kind, Chip(kind, "bad", "!"), finding.url, finding.evidence)
