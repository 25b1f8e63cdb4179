"""Migrations: up, down, with data in place, and in step with the tables."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

import storage.migrations
from dialogs.case import Case
from storage.errors import SchemaNewer, SchemaOutdated
from storage.migrate import HEAD, current, downgrade, upgrade
from storage.opening import open_database
from storage.tables import metadata
from tests.storage.conftest import Place
from tests.storage.making import NOW, asked, full_case, person, turn


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new' / 'beian.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


async def _table_names(url: str) -> set[str]:
    database = open_database(url)
    names = await database.read(lambda connection: set(inspect(connection).get_table_names()))
    await database.close()
    return names


async def test_an_empty_database_goes_up_down_and_up_again(empty_url: str) -> None:
    assert await current(empty_url) is None
    assert await upgrade(empty_url) == HEAD
    assert await upgrade(empty_url) == HEAD
    assert await current(empty_url) == HEAD
    assert await _table_names(empty_url) >= set(metadata.tables)
    await downgrade(empty_url, "base")
    assert await _table_names(empty_url) == {"alembic_version"}
    assert await current(empty_url) is None
    await upgrade(empty_url)
    assert await current(empty_url) == HEAD


async def test_the_migrations_make_exactly_the_tables_the_program_uses(empty_url: str) -> None:
    await upgrade(empty_url)
    database = open_database(empty_url)

    def differences(connection: Connection) -> object:
        return compare_metadata(MigrationContext.configure(connection), metadata)

    found = await database.read(differences)
    await database.close()
    assert found == []


async def test_a_database_with_data_goes_down_to_each_revision_and_up_again(
    empty_url: str, tmp_path: Path
) -> None:
    await upgrade(empty_url)
    place, identity = Place(empty_url, tmp_path), person()
    async with place.opened() as stores:
        before = await stores.cases.open(identity, NOW, "zh-CN")
        await stores.cases.commit(
            turn(before, after=full_case(before), questions=(asked("养猫吗"),))
        )
        kept = await stores.cases.open(identity, NOW, "zh-CN")
    for revision in _revisions():
        await downgrade(empty_url, revision)
        assert await current(empty_url) == revision
        await upgrade(empty_url)
        async with place.opened() as stores:
            found = await stores.cases.open(identity, NOW, "zh-CN")
            assert _without_materials(found) == _without_materials(kept)


def _without_materials(case: Case) -> Case:
    """The case but for what has tables of its own, which go and come back empty."""
    filings = {
        key: replace(filing, materials=(), verdicts=()) for key, filing in case.filings.items()
    }
    return replace(case, filings=filings)


async def test_processes_that_start_at_once_upgrade_once(empty_url: str) -> None:
    assert await asyncio.gather(*(upgrade(empty_url) for _ in range(3))) == [HEAD] * 3


async def test_stores_refuse_a_database_that_is_not_up_to_date(
    empty_url: str, tmp_path: Path
) -> None:
    place = Place(empty_url, tmp_path)
    with pytest.raises(SchemaOutdated, match=r"without tables.*beian db upgrade"):
        async with place.opened():
            pass


async def _made_newer(url: str) -> None:
    database = open_database(url)
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await database.write(lambda connection: connection.execute(newer))
    await database.close()


async def test_a_program_that_runs_goes_on_while_a_newer_one_upgrades(
    empty_url: str, tmp_path: Path
) -> None:
    await upgrade(empty_url)
    async with Place(empty_url, tmp_path).opened() as stores:
        await _made_newer(empty_url)
        await stores.ready()
        fresh = await stores.cases.open(person(), NOW, "zh-CN")
        await stores.cases.commit(turn(fresh))


async def test_a_database_of_a_newer_program_is_left_alone(empty_url: str, tmp_path: Path) -> None:
    await upgrade(empty_url)
    await _made_newer(empty_url)
    with pytest.raises(SchemaNewer, match=r"9999.*start the newer version"):
        await upgrade(empty_url)
    with pytest.raises(SchemaNewer):
        async with Place(empty_url, tmp_path).opened():
            pass


def test_the_newest_file_is_the_head_of_one_line_of_revisions() -> None:
    assert _scripts().get_heads() == [HEAD]


def _scripts() -> ScriptDirectory:
    config = Config()
    [folder] = storage.migrations.__path__
    config.set_main_option("script_location", folder)
    return ScriptDirectory.from_config(config)


def _revisions() -> list[str]:
    return [script.revision for script in _scripts().walk_revisions()]
