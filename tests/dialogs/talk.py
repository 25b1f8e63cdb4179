"""A conversation held directly with the turn: no store, no channel."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from bot.state import state_as_data
from dialogs.answers.base import Context
from dialogs.answers.certificates import CertificateNumber
from dialogs.case import Case, Colleague
from dialogs.message import Identity, Inbound, Reply
from dialogs.ports import Inspection
from dialogs.standing import Standing, standing
from dialogs.turn import TurnResult, staff, take_event, take_pictures, take_turn
from dialogs.world import World, day_of
from filing.event import Event

_IDS = count(1)
LEASE = timedelta(minutes=10)
LI = Colleague("a1", "小李")
WANG = Colleague("a2", "小王")
_WITHOUT_LEASE = (staff.hand_back, staff.put_back, staff.lapse)


@dataclass(slots=True)
class Talk:
    """One applicant talking; keeps the last replies and all results."""

    world: World
    now: datetime
    channel: str = "web"
    case: Case = field(init=False)
    replies: tuple[Reply, ...] = ()
    results: list[TurnResult] = field(default_factory=list)

    def __post_init__(self) -> None:
        number = next(_IDS)
        identity = Identity(self.channel, f"person-{number}")
        self.case = Case(f"c{number}", f"a{number}", identity, "zh-CN")

    def say(self, text: str) -> str:
        """Type a message; returns all replies' text."""
        return self._take(text=text)

    def press(self, value: str) -> str:
        """Press a button by its value."""
        return self._take(button=value)

    def send(self, **what: Any) -> str:
        """Send something else: ``other="sticker"``, ``files=(…)``."""
        return self._take(**what)

    def happen(self, event: Event) -> str:
        """Let something happen to the filing."""
        return self._keep(take_event(self.case, event, self.now, self.world))

    def act(self, turn: Callable[..., TurnResult], *given: Any) -> str:
        """Let a colleague do something: ``talk.act(staff.join, LI)``."""
        lease = () if turn in _WITHOUT_LEASE else (LEASE,)
        return self._keep(turn(self.case, *given, self.now, self.world, *lease))

    def wait(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by

    @property
    def standing(self) -> Standing:
        """Where the case stands."""
        return standing(self.case, self.now, self.world)

    @property
    def asking(self) -> str | None:
        """The open step's key."""
        return self.standing.asking

    @property
    def values(self) -> dict[str, str]:
        """Every counting value."""
        return dict(self.standing.journey.values)

    @property
    def state(self) -> dict[str, Any]:
        """The state as the interfaces show it."""
        return state_as_data(self.case, self.standing)

    @property
    def buttons(self) -> dict[str, str]:
        """Values of the last replies' buttons by label."""
        return {one.label: one.value for reply in self.replies for one in reply.buttons}

    def _take(self, **what: Any) -> str:
        inbound = Inbound(self.case.identity, f"m{next(_IDS)}", self.now, **what)
        return self._keep(
            take_turn(self.case, inbound, self.now, self.world, lambda: f"f{next(_IDS)}")
        )

    def _keep(self, result: TurnResult) -> str:
        if result.wanted_pictures:  # nobody looks at them: staff will
            nothing = {one: Inspection(0, 0) for one in result.wanted_pictures}
            result = take_pictures(result, nothing, self.now, self.world)
        self.case = result.case
        self.replies = result.replies
        self.results.append(result)
        self.now += timedelta(seconds=20)
        return "\n".join(reply.text for reply in result.replies)


HAPPY: dict[str, str] = {
    "consent_processing": "agree",
    "prerequisites": "ready",
    "subject_kind": "enterprise",
    "cert_type": "business_licence",
    "consent_sensitive": "agree",
    "cert_number": "91320114MA1ABCD03G",
    "province": "江苏",
    "domain": "example-tea.cn",
    "server_location": "mainland",
    "subject_record": "none",
    "domain_record": "none",
    "subject_name": "南京样例茶业有限公司",
    "cert_valid_until": "长期",
    "cert_address": "江苏省南京市雨花台区软件大道1号",
    "address": "江苏省南京市雨花台区软件大道1号",
    "investor": "张样例",
    "residence_proof": "residence_permit",
    "principal_is_legal_rep": "yes",
    "principal_name": "张样例",
    "principal_id_type": "id_card",
    "principal_id_number": "320102198001010024",
    "principal_id_valid_until": "2035-06-01",
    "phone": "13800138000",
    "office_phone": "025-52345678",
    "emergency_phone": "13900139000",
    "email": "tea@example-mail.cn",
    "site_name": "样例茶业官网",
    "service_content": "unit_portal",
    "pre_approval": "none",
    "pre_approval_number": "苏新出〔2026〕1号",
    "language": "zh-Hans",
    "ip": "121.40.1.10",
    "server_months_left": "11",
    "domain_holder": "subject",
    "domain_verified_on": "2026-10-08",
    "domain_valid_until": "2028-10-08",
    "site_manager_same": "yes",
    "site_manager_name": "李样例",
    "site_manager_id_type": "id_card",
    "site_manager_id_number": "330106197505050014",
    "site_manager_id_valid_until": "长期",
    "site_manager_phone": "13700137000",
    "site_manager_email": "li@example-mail.cn",
    "remark": "公司介绍和茶叶产品展示",
}
"""What an applicant without trouble answers to each step."""

NUMBERS = (
    "91320114MA1ABCD03G",
    "12330106470000013B",
    "MA1ABCD0-3",
    "320102198001010024",
    "X12345678",
    "H12345678",
    "12345678",
    "ABC110012345678",
    "810000199001010019",
    "A1234567",
)
"""Made-up numbers that fit one kind of certificate or another."""


def right_answer(talk: Talk, step: str) -> str:
    """An answer the open step takes, given what was answered before."""
    ask = talk.world.flows["first_filing"][step].ask
    assert ask is not None
    standing = talk.standing
    context = Context(day_of(talk.now), standing.journey.values, "zh-CN")
    options = ask.options(context)
    if options and HAPPY[step] not in options:
        return options[0]
    if isinstance(ask, CertificateNumber):
        candidates = (HAPPY[step], *NUMBERS)
        return next(one for one in candidates if isinstance(ask.parse(one, context), str))
    if step == "site_name" and standing.journey.values["subject_kind"] == "individual":
        return "样例的读书笔记"
    if step == "address":
        return ADDRESSES.get(standing.journey.values["province"], HAPPY[step])
    return HAPPY[step]


ADDRESSES = {
    "广东": "广东省深圳市南山区科技园路1号",
    "上海": "上海市浦东新区世纪大道1号",
    "西藏": "西藏自治区拉萨市城关区北京中路1号",
    "浙江": "浙江省杭州市西湖区文一路1号",
    "四川": "四川省成都市武侯区人民南路1号",
    "福建": "福建省福州市鼓楼区五四路1号",
}


def fill(talk: Talk, until: str | None = None, **other: str) -> Talk:
    """Answer by button until ``until`` is asked (default: until only the confirmation is)."""
    answers = HAPPY | other
    if talk.case.filing is None:
        talk.say("你好")
    for _ in range(80):
        asking = talk.asking
        if asking is None or asking == until or asking == "confirm":
            return talk
        talk.press(f"answer:{asking}:{answers[asking]}")
        assert talk.asking != asking, f"{answers[asking]!r} did not answer {asking}: {talk.replies}"
    raise AssertionError("the questions do not end")
