"""Take-overs raced by two processes on PostgreSQL, some of the many of the benchmark."""

from bench.races import judge, raced


async def test_of_those_who_race_one_can_speak_and_the_assistant_is_silent(
    empty_postgres_url: str,
) -> None:
    found = await raced(empty_postgres_url, 100, seed=5)
    assert found.claims >= found.races
    assert found.sound, found


def test_whoever_speaks_over_a_holder_is_counted() -> None:
    def line(at: float, what: str, **more: object) -> dict[str, object]:
        return {"at": at, "what": what, "person": "1", **more}

    found = judge(
        [
            line(1, "taken", agent="agent:小李", epoch=1),
            line(2, "begun", author="assistant", text="客服小李来了"),
            line(3, "begun", author="assistant", text="第 1/35 项"),
            line(4, "begun", author="agent:小王", text="您好"),
            line(5, "taken", agent="agent:小王", epoch=2),
            line(6, "left", agent="agent:小王", epoch=2),
            line(7, "begun", author="assistant", text="第 1/35 项"),
        ]
    )
    assert (found.bot_after, found.others_after, found.several_holders) == (1, 1, 1)
    assert not found.sound
