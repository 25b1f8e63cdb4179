"""A colleague proposes values: they count only by the applicant's yes."""

from datetime import UTC, datetime

import pytest

from dialogs.case import Case
from dialogs.holding import taken
from dialogs.journey import latest
from dialogs.turn import take_advice
from dialogs.world import World
from filing.event import Event, EventType
from filing.invalid import Invalid
from tests.dialogs.talk import HAPPY, LEASE, LI, Talk, fill

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
ID_NUMBER = "11010519491231002X"


@pytest.fixture
def talk(world: World) -> Talk:
    """Somebody in the middle of the form, just before the website's name."""
    talk = Talk(world, NOW)
    fill(talk, until="site_name")
    return talk


def _advise(talk: Talk, **values: str) -> dict[str, Invalid]:
    result, wrong = take_advice(
        talk.case, values, "小安", f"id{len(talk.results)}", NOW, talk.world
    )
    if not wrong:
        talk._keep(result)
    return dict(wrong)


def _author(case: Case, step: str) -> str:
    assert case.filing is not None
    return latest(case.filing.answers)[step].author


def _press(talk: Talk, label: str) -> str:
    return talk.press(talk.buttons[label])


def test_a_value_counts_once_the_applicant_says_yes(talk: Talk) -> None:
    assert _advise(talk, domain="example-shop.cn") == {}
    assert "把“域名”从 example-tea.cn 改为 example-shop.cn" in talk.replies[0].text
    assert talk.values["domain"] == "example-tea.cn"
    said = _press(talk, "确认，就这样")
    assert "已按您的确认记下" in said
    assert talk.values["domain"] == "example-shop.cn"
    assert _author(talk.case, "domain") == "agent:小安"


def test_the_form_goes_on_with_the_question_after_what_was_settled(talk: Talk) -> None:
    _advise(talk, site_name="南京样例茶业官网")
    _press(talk, "确认，就这样")
    assert talk.values["site_name"] == "南京样例茶业官网"
    assert talk.asking != "site_name"
    assert talk.replies[-1].step == talk.asking


def test_a_no_leaves_everything_as_it_was(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    assert "不改" in _press(talk, "不改")
    assert talk.values["domain"] == "example-tea.cn"
    assert talk.asking == "site_name"


def test_something_else_opens_the_question(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    _press(talk, "填别的")
    assert talk.asking == "domain"
    talk.say("example-store.cn")
    assert talk.values["domain"] == "example-store.cn"
    assert _author(talk.case, "domain") == "applicant"


def test_a_typed_yes_counts_only_right_after_the_proposal(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    talk.say("对")
    assert talk.values["domain"] == "example-shop.cn"
    _advise(talk, domain="example-other.cn")
    talk.say("备案要多少钱")
    talk.say("对")
    assert talk.values["domain"] == "example-shop.cn"


def test_while_a_colleague_holds_the_conversation_only_the_proposal_is_answered(
    talk: Talk,
) -> None:
    talk.case = _held(talk.case)
    _advise(talk, domain="example-shop.cn")
    buttons = talk.buttons
    assert talk.say("我想想") == ""
    assert talk.press(buttons["确认，就这样"]).startswith("谢谢")
    assert talk.values["domain"] == "example-shop.cn"
    assert all(reply.step is None for reply in talk.replies)


def test_an_old_button_does_nothing(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    old = talk.buttons["确认，就这样"]
    _advise(talk, domain="example-store.cn")
    assert "过时" in talk.press(old)
    assert talk.values["domain"] == "example-tea.cn"


def test_what_the_applicant_changed_meanwhile_is_not_overwritten(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    yes = talk.buttons["确认，就这样"]
    talk.say("域名改成example-mine.cn")
    assert "过时" in talk.press(yes)
    assert talk.values["domain"] == "example-mine.cn"


def test_sensitive_values_are_masked_in_the_question(talk: Talk) -> None:
    assert _advise(talk, principal_id_number=ID_NUMBER) == {}
    assert ID_NUMBER not in talk.replies[0].text
    assert "002X" in talk.replies[0].text
    _press(talk, "确认，就这样")
    assert talk.values["principal_id_number"] == ID_NUMBER
    assert ID_NUMBER not in "".join(reply.text for reply in talk.replies)


def test_several_values_are_judged_on_the_ground_of_one_another(world: World) -> None:
    talk = Talk(world, NOW)
    fill(talk, until="cert_number")
    assert _advise(talk, cert_type="business_licence", cert_number=HAPPY["cert_number"])
    assert _advise(talk, cert_number=HAPPY["cert_number"]) == {}


@pytest.mark.parametrize(
    "values, code",
    [
        ({"domain": "不是域名"}, "domain"),
        ({"principal_id_number": "110105194912310021"}, "id_card"),
        ({"domain": "example-tea.cn"}, "advice.same"),
        ({"consent_sensitive": "agree"}, "advice.own_word"),
        ({"confirm": "confirm"}, "advice.own_word"),
        ({"shoe_size": "42"}, "advice.no_step"),
        ({"filing_kind": "R1"}, "advice.own_word"),
    ],
)
def test_a_bad_value_is_refused_to_the_colleague_and_nothing_is_asked(
    talk: Talk, values: dict[str, str], code: str
) -> None:
    before = talk.case
    [wrong] = _advise(talk, **values).values()
    assert wrong.code.startswith(code)
    assert talk.world.wording.has(f"invalid.{wrong.code}", "en")
    assert talk.case is before


def test_one_bad_value_stops_them_all(talk: Talk) -> None:
    assert set(_advise(talk, domain="example-shop.cn", phone="12")) == {"phone"}
    assert talk.case.attention.advice is None


def test_before_the_consent_nothing_sensitive_can_be_proposed(world: World) -> None:
    talk = Talk(world, NOW)
    talk.say("你好")
    [wrong] = _advise(talk, phone="13800138000").values()
    assert wrong.code == "advice.no_consent"


def test_a_filing_under_review_cannot_be_changed(talk: Talk) -> None:
    talk.happen(Event(EventType.FIRST_REVIEW_PASSED, talk.now))
    [wrong] = _advise(talk, domain="example-shop.cn").values()
    assert wrong.code == "advice.locked"


def test_an_approved_proposal_can_be_undone(talk: Talk) -> None:
    _advise(talk, domain="example-shop.cn")
    _press(talk, "确认，就这样")
    talk.say("撤销")
    assert talk.values["domain"] == "example-tea.cn"


def _held(case: Case) -> Case:
    return taken(case, LI, NOW, LEASE)
