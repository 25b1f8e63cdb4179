"""A made-up team with conversations, deadlines and people who wait: to look at the pages."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from desk.docket import Docket, Holder, Running, Talked
from desk.limits import load_limits
from desk.parts import Parts
from desk.sessions import Session
from desk.staff import Agent, Role
from desk.statistics.numbers import Numbers
from desk.statistics.period import Period
from desk.statistics.ports import Help
from dialogs.message import Identity, Inbound
from tests.desk.demo_numbers import DemoNumbers
from tests.desk.dockets import listing_of
from tests.desk.people import open_account

_HOUR = timedelta(hours=1)


class _Helped(DemoNumbers):
    """Figures in which the people of the team appear."""

    async def helps(self, period: Period) -> Sequence[Help]:
        found = await DemoNumbers.helps(self, period)
        return [replace(one, conversation=f"c{n % 7}") for n, one in enumerate(found)]


async def with_team(parts: Parts) -> Parts:
    """The desk with a supervisor wang, three agents, and something to do for them."""
    staff = {
        name: await open_account(parts, name, role)
        for name, role in (
            ("wang", Role.SUPERVISOR),
            ("li", Role.AGENT),
            ("chen", Role.AGENT),
            ("sun", Role.AGENT),
        )
    }
    now = parts.clock()
    for name in ("li", "chen"):
        at = now - timedelta(minutes=1)
        await parts.sessions.begin(Session(f"s-{name}", staff[name].id, at, at, at, "", ""))
    for who, last in (("a", "能不能给我的猫备案"), ("b", "给猫备案行吗"), ("c", "转人工")):
        for number, text in enumerate(("你好", "同意", "火星上的土豆要不要种植许可", last)):
            inbound = Inbound(Identity("web", who), f"m{number}", now, text=text)
            await parts.assistant.handle(inbound)
    demo = _Helped(parts.world.flows["first_filing"], parts.world.provider.service_hours)
    counted, talk = demo.dockets(now), _conversations(staff, now)
    return replace(
        parts,
        numbers=Numbers(demo, parts.world, parts.clock, listing_of(lambda: counted, now)),
        supervision=replace(
            parts.supervision, listing=listing_of(lambda: talk, now, load_limits())
        ),
    )


def _conversations(staff: Mapping[str, Agent], now: datetime) -> Sequence[Docket]:
    def talk(number: int, domain: str, stage: str, province: str = "江苏") -> Docket:
        return Docket(
            f"c{number}", 1, now, "web", "zh-CN", f"f{number}",
            name="南京样例茶业有限公司", domain=domain, province=province, stage=stage,
        )  # fmt: skip

    def holder(name: str, minutes: int) -> Holder:
        agent = staff[name]
        since = now - timedelta(minutes=minutes)
        return Holder(agent.id, agent.shown_as, since, now + timedelta(minutes=5))

    def ends(kind: str, hours: int, who: str | None = None, filing: str = "") -> tuple[Running]:
        return (Running(kind, now + hours * _HOUR, who, filing),)

    sms = ends("sms_verification", 5, "principal", "f1")
    return (
        replace(
            talk(1, "example-tea.cn", "sms_verification"), holder=holder("li", 42), deadlines=sms
        ),
        replace(
            talk(2, "example-shop.cn", "draft"),
            holder=holder("li", 12),
            talked=Talked(unanswered_since=now - timedelta(minutes=3)),
        ),
        replace(
            talk(3, "yangli.example", "returned"),
            holder=holder("chen", 7),
            deadlines=ends("resubmission", 60, None, "f3"),
        ),
        replace(
            talk(4, "example-books.cn", "draft", "浙江"),
            name="李**",
            waiting_since=now - timedelta(minutes=18),
        ),
        replace(
            talk(5, "example-bikes.cn", "approved", "浙江"),
            deadlines=ends("footer_number", -9, None, "f5"),
        ),
        replace(
            talk(6, "example-farm.cn", "bureau_review", "四川"),
            deadlines=ends("bureau_review", 30, None, "f6"),
        ),
    )
