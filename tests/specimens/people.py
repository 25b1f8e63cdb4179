"""Invented holders of papers: their numbers pass every check and belong to nobody alive."""

import random
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric, uscc

from filing.identifiers.org_code import checks_out

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
_GIVEN = "样例范本示意标本"
_TRADES = ("科技", "商贸", "文化传媒", "餐饮管理", "网络技术", "建筑工程", "教育咨询")
_PLACES = (
    ("320102", "江苏省南京市玄武区", "南京"),
    ("440305", "广东省深圳市南山区", "深圳"),
    ("310115", "上海市浦东新区", "上海"),
    ("510104", "四川省成都市锦江区", "成都"),
    ("110108", "北京市海淀区", "北京"),
    ("330106", "浙江省杭州市西湖区", "杭州"),
)
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody born in the 1880s: such numbers are well formed, and nobody bears one now."""

    name: str
    number: str
    born: date
    address: str
    valid_from: date
    valid_until: date


@dataclass(frozen=True, slots=True)
class Body:
    """A company or shop that says it is a specimen."""

    name: str
    code: str
    kind: str
    address: str
    representative: str
    founded: date
    scope: str


def person(seed: int, today: date = date(2026, 11, 26)) -> Person:
    """An invented person."""
    dice = random.Random(f"person {seed}")
    region, place, _ = dice.choice(_PLACES)
    born = date(1881, 1, 1) + timedelta(days=dice.randrange(3000))
    body = f"{region}{born:%Y%m%d}{dice.randrange(1, 999):03}"
    valid_from = today - timedelta(days=dice.randrange(400, 3000))
    return Person(
        name=dice.choice(_SURNAMES) + dice.choice(_GIVEN) + dice.choice(_GIVEN),
        number=body + ric.calc_check_digit(f"{body}0"),
        born=born,
        address=f"{place}样例路{dice.randrange(1, 400)}号{dice.randrange(1, 30)}幢",
        valid_from=valid_from,
        valid_until=valid_from.replace(year=valid_from.year + 20, day=min(valid_from.day, 28)),
    )


def body(seed: int, shop: bool = False) -> Body:
    """An invented company, or a shop."""
    dice = random.Random(f"body {seed}")
    region, place, city = dice.choice(_PLACES)
    stem = "0000" + "".join(dice.choice(_LETTERS) for _ in range(4))
    stem += next(sign for sign in "0123456789X" if checks_out(stem + sign))
    code = f"{'92' if shop else '91'}{region}{stem}"
    trade = dice.choice(_TRADES)
    return Body(
        name=f"{city}样例{trade}{'工作室' if shop else '有限公司'}",
        code=code + uscc.calc_check_digit(code),
        kind="个体工商户" if shop else "有限责任公司（自然人独资）",
        address=f"{place}样例大道{dice.randrange(1, 999)}号{dice.randrange(1, 30)}层",
        representative=person(seed).name,
        founded=date(2015, 1, 1) + timedelta(days=dice.randrange(3500)),
        scope=f"{trade}服务；软件开发；信息技术咨询服务；广告设计、代理；办公用品销售；会议及展览服务；"
        "（依法须经批准的项目，经相关部门批准后方可开展经营活动）",
    )
