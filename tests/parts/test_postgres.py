"""The PostgreSQL the storage tests run on is a real one."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine


async def test_a_database_of_this_worker_answers(postgres_url: str) -> None:
    engine = create_async_engine(postgres_url)
    async with engine.connect() as connection:
        version = await connection.scalar(text("SHOW server_version_num"))
        encoding = await connection.scalar(text("SHOW server_encoding"))
    await engine.dispose()
    assert int(str(version)) >= 150000
    assert encoding == "UTF8"


async def test_an_empty_database_holds_no_table(empty_postgres_url: str) -> None:
    engine = create_async_engine(empty_postgres_url)
    async with engine.connect() as connection:
        tables = await connection.scalar(
            text("SELECT count(*) FROM information_schema.tables WHERE table_schema = 'public'")
        )
    await engine.dispose()
    assert tables == 0
