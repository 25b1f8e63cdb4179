"""A returned filing is mended answer by answer, however quickly."""

from tests.dialogs.talk import Talk
from tests.dialogs.test_events import handed_in, happen


def test_an_answer_at_the_very_moment_of_the_return_counts_as_gone_over(talk: Talk) -> None:
    handed_in(talk)
    happen(talk, "returned", code="R08")
    assert talk.asking == "site_name"
    talk.say("样例茶业")
    assert talk.values["site_name"] == "样例茶业"
    assert talk.asking == "confirm"


def test_answers_given_before_the_return_are_all_gone_over_one_by_one(talk: Talk) -> None:
    handed_in(talk, site_manager_same="no")
    happen(talk, "returned", code="R16")
    seen = []
    while talk.asking != "confirm":
        seen.append(talk.asking)
        assert "不用改" in talk.buttons
        talk.press(talk.buttons["不用改"])
    assert seen == ["phone", "email", "site_manager_phone", "site_manager_email"]
