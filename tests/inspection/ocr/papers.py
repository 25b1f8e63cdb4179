"""Papers with as many different words as a reader may meet: other names, streets and forms each.

Numbers are random with fitting check characters, and of people born in the 1880s; names, streets
and offices are made up. What each paper says stands in its ``fields``.
"""

import random
from collections.abc import Callable
from typing import Final

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFont
from stdnum.cn import ric, uscc

from bot.inspection.ocr.mrz import check_digit
from filing.identifiers import org_code
from filing.materials.material import MaterialKind, Side
from filing.subject import PERSONAL_CERTIFICATES, CertificateType
from tests.specimens.paper import Paper
from tests.specimens.pen import font
from tests.specimens.photo import GROUNDS, Shot

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of a unified code

_REGIONS: Final = (
    ("320114", "江苏省南京市雨花台区"),
    ("110108", "北京市海淀区"),
    ("440305", "广东省深圳市南山区"),
    ("310115", "上海市浦东新区"),
    ("510104", "四川省成都市锦江区"),
    ("330106", "浙江省杭州市西湖区"),
    ("370202", "山东省青岛市市南区"),
    ("420106", "湖北省武汉市武昌区"),
)
_ROADS: Final = ("云杉路", "软件大道", "银杏街", "白鹭东路", "青石巷", "望江南街", "丰乐路")
_SURNAMES: Final = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
)
_GIVEN: Final = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂英华玉兰建国志文淑珍晓宇思远子涵雨桐浩然"
_RARE: Final = "垚淼鑫焱喆翀玥昊琰瑄祎颢濛璟骁"
_BRANDS: Final = (
    "云杉",
    "白鹭",
    "青石",
    "望江",
    "鑫垚",
    "拓海",
    "悦禾",
    "晟睿",
    "博翰",
    "麦穗",
    "星澜",
    "沐言",
)
_TRADES: Final = (
    "网络科技",
    "信息技术",
    "文化传媒",
    "餐饮管理",
    "电子商务",
    "生物科技",
    "建筑工程",
    "教育咨询",
)
_SCOPE: Final = (
    "技术开发；技术服务；技术咨询；软件销售；计算机系统服务；数据处理服务；"
    "广告设计、代理；会议及展览服务；互联网销售（除销售需要许可的商品）；"
    "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
)


def _font(size: int, which: int = 0) -> ImageFont.FreeTypeFont:
    return font(size, serif=which == 1)


def unified_code(rng: random.Random, start: str, region: str) -> str:
    """A random unified code with a fitting check character."""
    organisation = "".join(rng.choice(_SIGNS) for _ in range(8))
    fitting = next(sign for sign in "0123456789X" if org_code.checks_out(organisation + sign))
    body = start + region + organisation + fitting
    return body + uscc.calc_check_digit(body)


def id_number(rng: random.Random, region: str) -> str:
    """A random ID number of somebody who was never born."""
    born = f"{rng.randint(1881, 1889)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    body = f"{region}{born}{rng.randint(0, 999):03}"
    return body + ric.calc_check_digit(body + "0")


def person(rng: random.Random) -> str:
    """A made-up name, sometimes with a rare character."""
    given = [rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2)))]
    if rng.random() < 0.15:
        given[-1] = rng.choice(_RARE)
    return rng.choice(_SURNAMES) + "".join(given)


def street(rng: random.Random, place: str) -> str:
    """An address nobody lives at."""
    text = f"{place}{rng.choice(_ROADS)}{rng.randint(1, 399)}号"
    if rng.random() < 0.7:
        text += f"{rng.randint(1, 30)}幢{rng.randint(1, 32)}0{rng.randint(1, 9)}室"
    if rng.random() < 0.25:
        text += "（自主申报）"
    return text


def _written(day: tuple[int, int, int]) -> str:
    return f"{day[0]}年{day[1]:02}月{day[2]:02}日"


def _iso(day: tuple[int, int, int]) -> str:
    return f"{day[0]}-{day[1]:02}-{day[2]:02}"


def _day(rng: random.Random, first: int, last: int) -> tuple[int, int, int]:
    return rng.randint(first, last), rng.randint(1, 12), rng.randint(1, 28)


def _label(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], words: str, size: int, which: int
) -> None:
    """A label set to the width of four characters, as forms print 名　　称."""
    wide = size * 4
    if len(words) >= 4:
        draw.text(at, words, fill="#3d3a36", font=_font(size * 4 // max(4, len(words)), which))
        return
    step = (wide - size) / (len(words) - 1)
    for place, sign in enumerate(words):
        draw.text((at[0] + place * step, at[1]), sign, fill="#3d3a36", font=_font(size, which))


def _wrapped(
    draw: ImageDraw.ImageDraw, at: tuple[int, int], text: str, width: int, size: int, which: int
) -> int:
    """Text in lines of at most ``width`` pixels; the height used."""
    line, y = "", at[1]
    letters = _font(size, which)
    for sign in text:
        if draw.textlength(line + sign, font=letters) > width:
            draw.text((at[0], y), line, fill="#1c1c1c", font=letters)
            line, y = "", y + int(size * 1.35)
        line += sign
    draw.text((at[0], y), line, fill="#1c1c1c", font=letters)
    return y + int(size * 1.35) - at[1]


def _marked(page: Image.Image) -> Image.Image:
    draw = ImageDraw.Draw(page)
    size = max(14, page.width // 60)
    draw.text(
        (page.width // 2 - size * 8, page.height - size * 2),
        "样例 SPECIMEN 无效证件",
        fill="#b24a3a",
        font=_font(size),
    )
    return page


def _seal(draw: ImageDraw.ImageDraw, centre: tuple[int, int], radius: int) -> None:
    x, y = centre
    draw.ellipse(
        (x - radius, y - radius, x + radius, y + radius), outline="#c8281e", width=radius // 12
    )
    draw.text(
        (x - radius * 0.6, y - radius * 0.2), "样例专用章", fill="#c8281e", font=_font(radius // 4)
    )


def licence(rng: random.Random) -> Paper:
    """营业执照 of a company: the two-column form with a QR code, or the older one-column form."""
    region, place = rng.choice(_REGIONS)
    which = rng.randint(0, 1)
    code = unified_code(rng, "91", region)
    city = place[place.index("省") + 1 :] if "省" in place else place
    name = f"{city[:2]}{rng.choice(_BRANDS)}样例{rng.choice(_TRADES)}有限公司"
    if rng.random() < 0.3:
        name = f"{rng.choice(_BRANDS)}样例{rng.choice(_TRADES)}（{city[:2]}）有限公司"
    who, where = person(rng), street(rng, place)
    kind = rng.choice(
        ("有限责任公司(自然人独资)", "有限责任公司", "有限责任公司（自然人投资或控股）")
    )
    founded = _day(rng, 2004, 2024)
    fixed = rng.random() < 0.5
    end = (founded[0] + 30, founded[1], founded[2])
    period = f"{_written(founded)}至{_written(end)}" if fixed else f"{_written(founded)}至长期"
    truth = {
        "number": code,
        "name": name,
        "type": kind,
        "legal_representative": who,
        "address": where,
        "valid_from": _iso(founded),
    }
    rows = [("名称", name), ("类型", kind), ("法定代表人", who), ("经营范围", _SCOPE)]
    more = [("注册资本", "伍佰万元整"), ("成立日期", _written(founded)), ("住所", where)]
    if rng.random() < 0.6:
        more.insert(2, ("营业期限", period))
        truth["valid_until"] = _iso(end) if fixed else "permanent"
    with_qr = rng.random() < 0.6
    draw_form = _two_columns if rng.random() < 0.65 else _one_column
    page = draw_form(rows, more, code, which, with_qr)
    return _paper(page, CertificateType.BUSINESS_LICENCE, Side.WHOLE, truth)


def shop(rng: random.Random) -> Paper:
    """营业执照 of a sole proprietor (个体工商户)."""
    region, place = rng.choice(_REGIONS)
    which = rng.randint(0, 1)
    code = unified_code(rng, "92", region)
    name = (
        f"{place[-3:]}{rng.choice(_BRANDS)}样例{rng.choice(('餐饮店', '商行', '经营部', '工作室'))}"
    )
    who, where, founded = person(rng), street(rng, place), _day(rng, 2008, 2024)
    truth = {
        "number": code,
        "name": name,
        "type": "个体工商户",
        "legal_representative": who,
        "address": where,
        "valid_from": _iso(founded),
    }
    rows = [("名称", name), ("类型", "个体工商户"), ("经营者", who), ("经营范围", _SCOPE[:60])]
    more = [("组成形式", "个人经营"), ("注册日期", _written(founded)), ("经营场所", where)]
    page = (_two_columns if rng.random() < 0.65 else _one_column)(
        rows, more, code, which, rng.random() < 0.6
    )
    return _paper(page, CertificateType.BUSINESS_LICENCE, Side.WHOLE, truth)


def _heading(page: Image.Image, code: str, which: int, *, with_qr: bool) -> ImageDraw.ImageDraw:
    draw = ImageDraw.Draw(page)
    w = page.width
    draw.rectangle((14, 14, w - 15, page.height - 15), outline="#b9975b", width=8)
    draw.text((w // 2 - 190, 60), "营 业 执 照", fill="#1c1c1c", font=_font(72, which))
    draw.text((w // 2 - 60, 150), "（副 本）", fill="#1c1c1c", font=_font(30, which))
    draw.text((80, 190), "统一社会信用代码", fill="#3d3a36", font=_font(26, which))
    draw.text((80, 226), code, fill="#1c1c1c", font=_font(32, which))
    if with_qr:
        matrix = segno.make(f"统一社会信用代码：{code}；样例", micro=False).matrix
        cell, left, top = 4, w - 80 - 4 * len(matrix[0]), 60
        for row, bits in enumerate(matrix):
            for column, bit in enumerate(bits):
                if bit:
                    x, y = left + column * cell, top + row * cell
                    draw.rectangle((x, y, x + cell - 1, y + cell - 1), fill="black")
    return draw


def _two_columns(
    rows: list[tuple[str, str]], more: list[tuple[str, str]], code: str, which: int, with_qr: bool
) -> Image.Image:
    page = Image.new("RGB", (1480, 1040), "#fdf8ec")
    draw = _heading(page, code, which, with_qr=with_qr)
    for left, column in ((80, rows), (800, more)):
        y = 310
        for words, value in column:
            _label(draw, (left, y), words, 27, which)
            y += max(66, _wrapped(draw, (left + 140, y), value, 520, 27, which) + 24)
    draw.text((880, 830), "登记机关", fill="#3d3a36", font=_font(28, which))
    _seal(draw, (1180, 840), 90)
    draw.text((1060, 920), "2023 年 06 月 12 日", fill="#3d3a36", font=_font(26, which))
    draw.text(
        (80, 980),
        "国家企业信用信息公示系统网址：www.example.cn",
        fill="#3d3a36",
        font=_font(18, which),
    )
    return _marked(page)


def _one_column(
    rows: list[tuple[str, str]], more: list[tuple[str, str]], code: str, which: int, with_qr: bool
) -> Image.Image:
    page = Image.new("RGB", (1040, 1460), "#fdf8ec")
    draw = _heading(page, code, which, with_qr=with_qr)
    y = 320
    for words, value in (*rows[:3], *more, rows[3]):
        _label(draw, (130, y), words, 29, which)
        y += max(74, _wrapped(draw, (130 + 160, y), value, 600, 29, which) + 26)
    draw.text((560, 1280), "登记机关", fill="#3d3a36", font=_font(28, which))
    _seal(draw, (800, 1280), 90)
    return _marked(page)


_BODIES: Final = (
    (
        "事业单位法人证书",
        "12",
        CertificateType.PUBLIC_INSTITUTION_CERT,
        "样例市第{}实验中学",
        "宗旨和业务范围",
    ),
    ("社会团体法人登记证书", "51", CertificateType.SOCIAL_ORG_CERT, "样例省{}行业协会", "业务范围"),
    (
        "民办非企业单位登记证书",
        "52",
        CertificateType.PRIVATE_NON_ENTERPRISE_CERT,
        "样例市{}养老服务中心",
        "业务范围",
    ),
    ("基金会法人登记证书", "53", CertificateType.FOUNDATION_CERT, "样例省{}教育基金会", "业务范围"),
)


def certificate(rng: random.Random) -> Paper:
    """A registration certificate of a body that is no company."""
    title, start, type_, pattern, scope = rng.choice(_BODIES)
    region, place = rng.choice(_REGIONS)
    which = rng.randint(0, 1)
    code, who, where = unified_code(rng, start, region), person(rng), street(rng, place)
    name = pattern.format(
        rng.choice(("一", "二", "三", "五")) if start == "12" else rng.choice(_BRANDS)
    )
    begun = _day(rng, 2021, 2024)
    end = (begun[0] + 5, begun[1], begun[2])
    page = Image.new("RGB", (1400, 990), "#fbf6e6")
    draw = ImageDraw.Draw(page)
    draw.rectangle((20, 20, 1380, 970), outline="#9c5a3c", width=7)
    draw.text((700 - 27 * len(title), 70), title, fill="#1c1c1c", font=_font(54, which))
    draw.text((90, 180), f"统一社会信用代码  {code}", fill="#1c1c1c", font=_font(28, which))
    y = 250
    for words, value in (
        ("名称", name),
        (scope, "开展样例服务，承接样例业务。"),
        ("住所", where),
        ("法定代表人", who),
        ("开办资金", "壹拾万元"),
    ):
        _label(draw, (90, y), words, 28, which)
        y += max(80, _wrapped(draw, (290, y), value, 900, 28, which) + 30)
    draw.text(
        (90, y + 20),
        f"有效期 自{_written(begun)}至{_written(end)}",
        fill="#1c1c1c",
        font=_font(28, which),
    )
    draw.text((850, 850), "发证机关", fill="#3d3a36", font=_font(28, which))
    _seal(draw, (1150, 850), 80)
    truth = {
        "number": code,
        "name": name,
        "legal_representative": who,
        "address": where,
        "valid_from": _iso(begun),
        "valid_until": _iso(end),
    }
    return _paper(_marked(page), type_, Side.WHOLE, truth)


def card_front(rng: random.Random) -> Paper:
    """居民身份证, the side with the portrait."""
    region, place = rng.choice(_REGIONS)
    which = rng.randint(0, 1)
    number, who, where = id_number(rng, region), person(rng), street(rng, place).split("（")[0]
    page = Image.new("RGB", (1011, 638), "#e4edf2")
    draw = ImageDraw.Draw(page)
    for y in range(0, 638, 14):
        draw.line((0, y, 1011, y + 40), fill="#d5e3ec", width=2)
    blue, black = "#3b6ea5", "#1c1c1c"
    for words, value, x, y in (
        ("姓 名", who, 60, 70),
        ("性 别", "男" if int(number[16]) % 2 else "女", 60, 150),
        ("住 址", "", 60, 310),
    ):
        draw.text((x, y), words, fill=blue, font=_font(28, which))
        draw.text(
            (x + 110, y - 4), value, fill=black, font=_font(36 if words == "姓 名" else 32, which)
        )
    draw.text((280, 150), "民 族", fill=blue, font=_font(28, which))
    draw.text((390, 146), "汉", fill=black, font=_font(32, which))
    draw.text((60, 228), "出 生", fill=blue, font=_font(28, which))
    born = number[6:14]
    draw.text(
        (170, 226),
        f"{born[:4]} 年 {int(born[4:6])} 月 {int(born[6:])} 日",
        fill=black,
        font=_font(30, which),
    )
    _wrapped(draw, (170, 306), where, 400, 32, which)
    draw.text((60, 548), "公民身份号码", fill=blue, font=_font(30, which))
    draw.text((330, 540), number, fill=black, font=_font(40, which))
    draw.ellipse((720, 110, 900, 300), fill="#b9c4cc")
    draw.rounded_rectangle((680, 300, 940, 480), 60, fill="#b9c4cc")
    truth = {"number": number, "name": who, "address": where}
    return _paper(_marked(page), CertificateType.ID_CARD, Side.FRONT, truth)


def card_back(rng: random.Random) -> Paper:
    """居民身份证, the side with the emblem."""
    which = rng.randint(0, 1)
    begun = _day(rng, 2012, 2024)
    forever = rng.random() < 0.2
    end = (begun[0] + 20, begun[1], begun[2])
    page = Image.new("RGB", (1011, 638), "#e6eef0")
    draw = ImageDraw.Draw(page)
    draw.ellipse((60, 60, 230, 230), fill="#d9a9a0")
    draw.text((300, 70), "中华人民共和国", fill="#1c1c1c", font=_font(56, which))
    draw.text((300, 160), "居 民 身 份 证", fill="#1c1c1c", font=_font(64, which))
    draw.text((220, 440), "签发机关", fill="#1c1c1c", font=_font(32, which))
    draw.text(
        (400, 440),
        f"样例市公安局{rng.choice(('云杉', '白鹭', '青石'))}分局",
        fill="#1c1c1c",
        font=_font(32, which),
    )
    draw.text((220, 520), "有效期限", fill="#1c1c1c", font=_font(32, which))
    dots = "{:04}.{:02}.{:02}".format
    period = f"{dots(*begun)}-{'长期' if forever else dots(*end)}"
    draw.text((400, 520), period, fill="#1c1c1c", font=_font(32, which))
    truth = {"valid_from": _iso(begun), "valid_until": "permanent" if forever else _iso(end)}
    return _paper(_marked(page), CertificateType.ID_CARD, Side.BACK, truth)


_PINYIN: Final = (
    ("ZHANG", "WEI"),
    ("LI", "XIAOMING"),
    ("WANG", "FANG"),
    ("SMITH", "JOHN PAUL"),
    ("TANAKA", "YUI"),
)


def passport(rng: random.Random) -> Paper:
    """The page of a passport with the two lines for machines."""
    surname, given = rng.choice(_PINYIN)
    which = rng.randint(0, 1)
    number = f"E{rng.randint(10_000_000, 99_999_999)}"
    end = _day(rng, 2028, 2034)
    short = f"{end[0] % 100:02}{end[1]:02}{end[2]:02}"
    born = f"{rng.randint(62, 99)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    first = f"P<UTO{surname}<<{given.replace(' ', '<')}".ljust(44, "<")
    fixed = number + check_digit(number)
    second = f"{fixed}UTO{born}{check_digit(born)}F{short}{check_digit(short)}".ljust(43, "<")
    second += check_digit(second[:10] + second[13:20] + second[21:])
    page = Image.new("RGB", (1250, 880), "#f1ece2")
    draw = ImageDraw.Draw(page)
    draw.text((60, 50), "护照 PASSPORT", fill="#1c1c1c", font=_font(40, which))
    draw.ellipse((110, 190, 330, 420), fill="#b9c4cc")
    draw.rounded_rectangle((80, 420, 360, 600), 60, fill="#b9c4cc")
    for place, line in enumerate(
        (
            f"Passport No.  {number}",
            f"Surname  {surname}",
            f"Given names  {given}",
            f"Date of expiry  {_iso(end)}",
        )
    ):
        draw.text((440, 180 + 90 * place), line, fill="#1c1c1c", font=_font(30, which))
    for place, line in enumerate((first, second)):
        x = 50.0
        for sign in line:
            draw.text((x, 700 + 60 * place), sign, fill="#111", font=_font(34, which))
            x += 26.2
    truth = {"number": number, "name": f"{surname} {given}", "valid_until": _iso(end)}
    return _paper(_marked(page), CertificateType.PASSPORT, Side.WHOLE, truth)


KINDS: Final[dict[str, Callable[[random.Random], Paper]]] = {
    "licence": licence,
    "shop": shop,
    "certificate": certificate,
    "card_front": card_front,
    "card_back": card_back,
    "passport": passport,
}


def paper(kind: str, seed: int) -> Paper:
    """The paper of a kind and a seed, always the same."""
    return KINDS[kind](random.Random(f"{kind}:{seed}"))


def shot(seed: int) -> Shot:
    """How the paper of a seed is photographed: mostly well, some so that reading is hard."""
    dice = random.Random(f"shot {seed}")
    scale = dice.choice((0.6, 0.8, 1.0, 1.2))
    return Shot(
        width=round(2000 * scale),
        height=round(1500 * scale),
        ground=dice.choice(GROUNDS),
        cover=dice.uniform(0.74, 0.94),
        tilt=dice.gauss(0, 3),
        lean=dice.uniform(-0.08, 0.08),
        level=dice.uniform(0.6, 1.0),
        warm=dice.uniform(-0.2, 1.0),
        falloff=dice.uniform(0.02, 0.3),
        shadow=dice.choice((0, 0, 0, 0.3)),
        blur=dice.choice((0.4, 0.7, 1.0, 1.4)) * scale,
        noise=dice.uniform(1, 8),
        quality=dice.randrange(50, 92),
        watermark=dice.choice(("", "", "", "仅供网站备案使用")),
        watermark_at=0.18,
    )


def _paper(
    page: Image.Image, certificate: CertificateType, side: Side, fields: dict[str, str]
) -> Paper:
    return Paper(np.asarray(page), _kind(certificate), certificate, side, fields)


def _kind(certificate: CertificateType) -> MaterialKind:
    personal = certificate in PERSONAL_CERTIFICATES
    return MaterialKind.IDENTITY_DOCUMENT if personal else MaterialKind.SUBJECT_CERTIFICATE
