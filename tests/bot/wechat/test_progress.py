"""What is waited for on a busy machine, and what is not."""

from bot.wechat.progress import STILL, Progress


def test_a_turn_behind_others_that_come_through_is_in_line() -> None:
    progress = Progress()
    first, second = progress.begin(), progress.begin()
    progress.end(first, 10.0)
    assert progress.is_in_line(second, 10.0 + STILL / 2)


def test_where_no_turn_ends_none_is_in_line() -> None:
    progress = Progress()
    first, second = progress.begin(), progress.begin()
    assert not progress.is_in_line(first, 10.0)
    progress.end(first, 10.0)
    assert not progress.is_in_line(second, 10.0 + 2 * STILL)


def test_a_turn_that_a_later_one_overtook_is_slow_by_itself() -> None:
    progress = Progress()
    slow, quick = progress.begin(), progress.begin()
    progress.end(quick, 10.0)
    assert not progress.is_in_line(slow, 10.0)
