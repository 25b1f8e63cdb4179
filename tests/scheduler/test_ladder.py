"""The order of the ways to a person, and which of them will still work in weeks."""

from dialogs.message import Identity
from scheduler.ladder import Reach
from scheduler.notices import WECHAT_NOTICE, WECHAT_TEMPLATE

WECHAT, TELEGRAM, WEB = (
    Identity("wechat", "o1"),
    Identity("telegram", "7"),
    Identity("web", "b"),
)
MAIL = Identity("email", "c")
TEMPLATE, NOTICE = Identity(WECHAT_TEMPLATE, "o1"), Identity(WECHAT_NOTICE, "o1")
EVERYTHING = Reach(frozenset({"wechat", "telegram", "email", WECHAT_TEMPLATE, WECHAT_NOTICE}))


def _order(reach: Reach, *ways: Identity) -> list[Identity]:
    tried: list[Identity] = []
    while (way := reach.next_way(ways, tried)) is not None:
        tried.append(way)
    return tried


def test_chats_come_first_then_notices_then_addresses() -> None:
    assert _order(EVERYTHING, WECHAT, WEB, TELEGRAM, MAIL) == [
        WECHAT,
        TELEGRAM,
        TEMPLATE,
        NOTICE,
        MAIL,
    ]


def test_notices_are_for_people_of_wechat_where_templates_are_set_up() -> None:
    assert _order(EVERYTHING, TELEGRAM) == [TELEGRAM]
    assert _order(Reach(frozenset({"wechat", "email"})), WECHAT, MAIL) == [WECHAT, MAIL]


def test_a_chat_whose_window_closes_will_not_reach_anybody_in_weeks() -> None:
    chat_only = Reach(frozenset({"wechat", WECHAT_NOTICE}))
    assert not chat_only.will_reach([WECHAT, WEB], {})
    assert chat_only.will_reach([WECHAT], {"o1": 1})
    assert not chat_only.will_reach([WECHAT], {"o2": 1})
    assert EVERYTHING.will_reach([WECHAT], {})  # by template, to whoever follows
    assert Reach().will_reach([TELEGRAM], {})
    assert not Reach().will_reach([WEB], {})
