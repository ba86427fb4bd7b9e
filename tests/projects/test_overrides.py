"""Overrides make or reuse environments, and never reach into other projects."""

from __future__ import annotations

import asyncio

import pytest

from assay import projects
from assay.kernel.errors import AppError, Kind
from assay.kernel.ids import ShortIdMalformed
from assay.projects import ApplicationOverride, EnvironmentOverride
from assay.projects.errors import OverrideInvalid, UrlInvalid
from assay.storage import Database
from tests.projects.conftest import World


def override(world: World, **environment: str) -> ApplicationOverride:
    return ApplicationOverride(world.application.short_id, EnvironmentOverride(**environment))


async def resolve(world: World, database: Database, **environment: str) -> projects.Environment:
    async with database.write() as session:
        (place,) = await projects.resolve_overrides(
            session, world.project, [override(world, **environment)]
        )
    return place.environment


async def test_by_url_an_environment_is_made_once(world: World, database: Database) -> None:
    made = await resolve(world, database, url="https://Preview.example.com:443/", name="PR 7")
    assert (made.name, made.url) == ("PR 7", "https://Preview.example.com:443/")
    for same in ("https://preview.example.com", "https://preview.example.com/"):
        assert (await resolve(world, database, url=same)).id == made.id
    other = await resolve(world, database, url="http://preview.example.com/")
    assert (other.name, other.id != made.id) == ("preview.example.com", True)
    again = await resolve(world, database, url="http://127.0.0.1:9000/store/")
    assert again.id == world.environment.id


async def test_at_the_same_time_too(world: World, database: Database) -> None:
    url = "http://127.0.0.1:9100/"
    made = await asyncio.gather(*(resolve(world, database, url=url) for _ in range(8)))
    assert len({environment.id for environment in made}) == 1


async def test_short_id_counts_before_build_before_url(world: World, database: Database) -> None:
    async with database.write() as session:
        build = await projects.create_build(
            session, world.application, name="build 12", url="http://127.0.0.1:9012/"
        )
    by_build = await resolve(
        world, database, build_short_id=build.short_id, url="http://127.0.0.1:1/"
    )
    assert (by_build.url, by_build.build_id) == ("http://127.0.0.1:9012/", build.id)
    again = await resolve(world, database, build_short_id=build.short_id)
    assert again.id == by_build.id
    everything = await resolve(
        world,
        database,
        short_id=world.environment.short_id,
        build_short_id=build.short_id,
        url="not even a url",
    )
    assert everything.id == world.environment.id
    by_url = await resolve(world, database, url="http://127.0.0.1:9012/")
    assert by_url.id != by_build.id


async def test_a_preset_belongs_to_the_project(world: World, database: Database) -> None:
    async with database.write() as session:
        phone = (await projects.list_presets(session, world.project.id))[2]
        environment = EnvironmentOverride(short_id=world.environment.short_id)
        wanted = ApplicationOverride(world.application.short_id, environment, phone.short_id)
        (place,) = await projects.resolve_overrides(session, world.project, [wanted])
    assert place.preset == phone
    assert (phone.width, phone.height, phone.is_mobile) == (390, 844, True)


async def test_foreign_and_unknown_things_are_not_found(world: World, database: Database) -> None:
    async with database.write() as session:
        other, elsewhere = await projects.create_application(
            session, world.project, name="Other", url="http://127.0.0.1:9200/"
        )
        build = await projects.create_build(session, other, name="b", url="http://127.0.0.1:9/")
        (preset, *_) = await projects.list_presets(session, world.foreign.id)
        ok = EnvironmentOverride(short_id=world.environment.short_id)
        for wrong in (
            ApplicationOverride(world.foreign_application.short_id, ok),
            ApplicationOverride("app_unknown", ok),
            override(world, short_id=elsewhere.short_id),
            override(world, build_short_id=build.short_id),
            ApplicationOverride(world.application.short_id, ok, preset.short_id),
        ):
            with pytest.raises(AppError) as caught:
                await projects.resolve_overrides(session, world.project, [wrong])
            assert caught.value.kind is Kind.NOT_FOUND


def test_malformed_overrides_are_refused_before_any_look_up(world: World) -> None:
    with pytest.raises(OverrideInvalid):
        projects.check_overrides([override(world)])
    with pytest.raises(ShortIdMalformed):
        projects.check_overrides([override(world, short_id="nonsense")])
    with pytest.raises(UrlInvalid):
        projects.check_overrides([override(world, url="http://169.254.169.254/latest")])
    projects.check_overrides([])
