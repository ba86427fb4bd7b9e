"""Configs are sealed, idempotent and reach only their application's targets."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from assay import projects
from assay.projects import ConfigKind
from assay.projects.errors import ConfigExists, ConfigNotFound, ValueInvalid
from assay.projects.tables import configs
from assay.storage import Database, SecretBox
from tests.projects.conftest import World

LOGIN = {"username": "ann", "password": "s3cret-Pass"}
KIND = ConfigKind.USERNAME_PASSWORD


def holds(folder: Path, secret: bytes) -> bool:
    return any(secret in file.read_bytes() for file in folder.rglob("assay.db*"))


async def test_values_are_sealed_before_they_are_stored(
    world: World, database: Database, box: SecretBox, tmp_path: Path
) -> None:
    async with database.write() as session:
        config = await projects.create_config(
            session, box, world.project.id, name="Ann", kind=KIND, values=LOGIN
        )
        row = await session.first(select(configs))
    assert row is not None
    assert not any("s3cret" in str(value) or value == "ann" for value in row)
    assert not holds(tmp_path, b"s3cret-Pass")
    assert config.short_id.startswith("cfg_")


async def test_the_same_again_is_no_second_config(
    world: World, database: Database, box: SecretBox
) -> None:
    async def create(key: str | None, password: str = "s3cret-Pass", name: str = "Ann") -> str:
        async with database.write() as session:
            values = {"username": "ann", "password": password}
            config = await projects.create_config(
                session, box, world.project.id, name=name, kind=KIND, values=values, key=key
            )
            return config.short_id

    made = set(await asyncio.gather(*(create("turn-1") for _ in range(6))))
    assert len(made) == 1
    assert await create("turn-1", "another") in made
    assert await create(None) in made
    assert await create("turn-2") in made
    with pytest.raises(ConfigExists):
        await create(None, "another")
    assert await create(None, name="Bob") not in made


async def test_a_taken_name_gets_a_number_on_request(
    world: World, database: Database, box: SecretBox
) -> None:
    async with database.write() as session:
        names = []
        for password in ("first-one", "second-one", "first-one", "second-one"):
            config = await projects.create_config(
                session,
                box,
                world.project.id,
                name="Ann",
                kind=KIND,
                values={"username": "ann", "password": password},
                application_id=world.application.id,
                rename=True,
            )
            names.append(config.name)
    assert names == ["Ann", "Ann 2", "Ann", "Ann 2"]


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (KIND, {}),
        (KIND, {"username": "ann"}),
        (KIND, {"username": "", "password": "x"}),
        (ConfigKind.HTTP_BASIC, {"password": "x"}),
        (ConfigKind.VALUES, {}),
        (ConfigKind.VALUES, {"a}": "x"}),
        (ConfigKind.VALUES, {"a": "x" * 20_000}),
    ],
)
async def test_values_at_fault_are_named(
    world: World, database: Database, box: SecretBox, kind: ConfigKind, values: dict[str, str]
) -> None:
    async with database.write() as session:
        with pytest.raises(ValueInvalid, match="values"):
            await projects.create_config(
                session, box, world.project.id, name="Ann", kind=kind, values=values
            )


async def test_a_target_carries_what_its_application_may_use(
    world: World, database: Database, box: SecretBox
) -> None:
    async with database.write() as session:
        other, _ = await projects.create_application(
            session, world.project, name="Other", url="https://other.example/"
        )
        given = [
            ("Wide", KIND, {"username": "wide", "password": "wide-Pass"}, None),
            ("Own", KIND, LOGIN, world.application.id),
            ("Foreign", KIND, {"username": "f", "password": "foreign-Pass"}, other.id),
            ("Gate", ConfigKind.HTTP_BASIC, {"username": "g", "password": "gate-Pass"}, None),
            ("Card", ConfigKind.VALUES, {"number": "4111-1111"}, None),
        ]
        for name, kind, values, application_id in given:
            await projects.create_config(
                session,
                box,
                world.project.id,
                name=name,
                kind=kind,
                values=values,
                application_id=application_id,
            )
        place = await projects.place_of(session, world.project.id, world.application.id)
        target = await projects.target(session, box, place)
    assert [c.name for c in target.logins] == ["Own", "Wide"]
    assert target.credentials[0].password == "s3cret-Pass"
    assert target.http_credentials == ("g", "gate-Pass")
    assert set(target.secrets) == {"s3cret-Pass", "wide-Pass", "gate-Pass", "4111-1111"}
    assert target.allowed_hosts == {"127.0.0.1:9000", "other.example"}
    assert (target.width, target.height, target.is_mobile) == (1280, 720, False)
    assert target.url == "http://127.0.0.1:9000/store"
    for secret in target.secrets:
        assert secret not in repr(target)


async def test_find_replace_and_delete(world: World, database: Database, box: SecretBox) -> None:
    async with database.write() as session:
        config = await projects.create_config(
            session, box, world.project.id, name="Ann", kind=KIND, values=LOGIN
        )

        async def find() -> projects.Credential | None:
            scope = (world.project.id, world.application.id)
            return await projects.find_login(
                session, box, *scope, username="ann", password="s3cret-Pass"
            )

        found = await find()
        assert found is not None
        assert found.config_id == config.id
        await projects.replace_values(session, box, config, LOGIN | {"password": "changed-Pass"})
        assert await find() is None
        assert await projects.find_config(session, world.project.id, config.short_id) == config
        with pytest.raises(ConfigNotFound):
            await projects.find_config(session, world.sibling.id, config.short_id)
        await projects.delete_config(session, config)
        assert await projects.list_configs(session, world.project.id) == []
