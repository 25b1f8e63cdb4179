"""The progress picture says where the filing is, by when, and what comes next."""

from datetime import datetime, timedelta

import pytest

from dialogs.message import OutgoingFile
from dialogs.pictures import ProgressPicture
from dialogs.world import SHANGHAI, World
from filing.event import Event, EventType
from tests.dialogs.talk import Talk, fill

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=SHANGHAI)


def happen(talk: Talk, kind: str, **data: str) -> None:
    """Let something happen an hour later."""
    talk.wait(timedelta(hours=1))
    talk.happen(Event(EventType(kind), talk.now, data))


def picture(talk: Talk) -> ProgressPicture:
    """The picture that comes with 进度."""
    talk.say("进度")
    file = shown(talk)
    assert isinstance(file.picture, ProgressPicture)
    return file.picture


def shown(talk: Talk) -> OutgoingFile:
    """The only file of the last replies."""
    [file] = [file for reply in talk.replies for file in reply.files]
    return file


def states(progress: ProgressPicture) -> dict[str, str]:
    """The state of each row by its label."""
    return {row.label: row.state for row in progress.rows}


def handed_in(world: World) -> Talk:
    """Somebody who has handed in."""
    talk = fill(Talk(world, NOW))
    talk.press("answer:confirm:confirm")
    return talk


def test_a_draft_tells_how_much_is_left(world: World) -> None:
    talk = fill(Talk(world, NOW), "domain")
    progress = picture(talk)
    assert progress.rows[0].state == "now"
    assert "还有" in progress.rows[0].note
    assert all(row.state == "todo" for row in progress.rows[1:])


def test_a_filing_at_the_bureau_has_dates_and_a_next_step(world: World) -> None:
    talk = handed_in(world)
    for kind in ("first_review_passed", "submitted_to_bureau", "sms_received"):
        happen(talk, kind)
    progress = picture(talk)
    assert states(progress)["短信核验"] == "now"
    [row] = [row for row in progress.rows if row.state == "now"]
    assert row.when.startswith("11 月 25 日 ")
    assert [one.state for one in progress.rows[:5]] == ["done"] * 5
    assert progress.rows[0].when == "11 月 24 日"
    assert "短信核验" in progress.next
    assert "短信核验" in shown(talk).alt


def test_a_returned_filing_shows_where_it_came_back_from(world: World) -> None:
    talk = handed_in(world)
    happen(talk, "returned", code="R18")
    talk.say("进度")
    rows = {row.label: row for row in picture(talk).rows}
    assert rows["服务商初审"].state == "wrong"
    assert "退回" in rows["服务商初审"].note
    assert rows["填写并提交"].state == "now"


def test_an_approved_filing_goes_on_to_its_duties(world: World) -> None:
    talk = handed_in(world)
    happen(talk, "submitted_to_bureau")
    happen(talk, "bureau_approved", filing_number="苏ICP备2026000001号-1")
    happen(talk, "website_opened")
    progress = picture(talk)
    assert progress.subtitle.startswith("苏ICP备2026000001号-1")
    assert states(progress)["管局审核"] == "done"
    assert states(progress)["页脚挂备案号"] == "now"
    happen(talk, "footer_displayed")
    happen(talk, "police_filed")
    happen(talk, "police_number_displayed")
    assert set(states(picture(talk)).values()) == {"done"}


@pytest.mark.parametrize("end", ["withdrawn"])
def test_what_was_given_up_has_no_picture(world: World, end: str) -> None:
    talk = handed_in(world)
    happen(talk, end)
    talk.say("进度")
    assert not any(reply.files for reply in talk.replies)
