"""Letters with seal and signature, and certificates of domains."""

import random

from filing.materials.material import MaterialKind
from tests.specimens.paper import Paper
from tests.specimens.pen import Sheet
from tests.specimens.people import body, person

_A4 = (1190, 1684)


def authorisation(seed: int) -> Paper:
    """授权书 of a body for its site manager, signed and sealed."""
    whose, who = body(seed), person(seed + 1)
    sheet = Sheet(*_A4)
    sheet.text(595, 190, "网站负责人授权书", 54, serif=True, anchor="mm")
    text = (
        f"{whose.name}（统一社会信用代码 {whose.code}）授权 {who.name} 担任本单位网站的负责人，"
        f"身份证件号码 {who.number}，负责办理互联网信息服务备案并承担网站的日常管理。"
        "授权期间，被授权人对网站内容的真实、合法负责，本单位承担相应的法律责任。本授权书自签署之日起生效，"
        "至网站注销备案之日止。样例文书，仅供测试，不具有任何效力。"
    )
    y = sheet.lines(130, 330, text, 32, 930, (30, 30, 34))
    sheet.text(130, y + 120, "法定代表人（签字）：", 32, serif=True)
    sheet.signature(470, y + 115, 260, seed)
    sheet.text(130, y + 220, "单位（盖章）：", 32, serif=True)
    sheet.text(130, y + 320, "日期：2026 年 11 月 20 日", 32, serif=True)
    sheet.seal(720, y + 240, 150, whose.name, seed)
    return Paper(
        sheet.pixels(), MaterialKind.SITE_MANAGER_AUTHORISATION, fields={"name": whose.name}
    )


def commitment(seed: int) -> Paper:
    """承诺书 of an individual: black pen on white paper, no seal."""
    who = person(seed)
    sheet = Sheet(*_A4)
    sheet.text(595, 190, "互联网信息服务备案承诺书", 50, serif=True, anchor="mm")
    text = (
        "本人承诺所提交的备案信息真实、准确，网站开办内容与备案一致，不从事需要前置审批而未取得审批的服务，"
        "信息有变化时及时变更，配合管理部门的检查。样例文书，仅供测试，不具有任何效力。"
    )
    y = sheet.lines(130, 330, text * 2, 32, 930, (30, 30, 34))
    sheet.text(130, y + 160, "承诺人（签字）：", 32, serif=True)
    sheet.signature(430, y + 155, 240, seed)
    sheet.text(130, y + 260, "日期：2026 年 11 月 20 日", 32, serif=True)
    return Paper(sheet.pixels(), MaterialKind.COMMITMENT, fields={"name": who.name})


def domain_certificate(seed: int) -> Paper:
    """域名证书 as registrars hand it out: a picture with a coloured border."""
    dice = random.Random(f"domain {seed}")
    whose = body(seed)
    hue = dice.choice(((40, 110, 190), (30, 140, 120), (190, 120, 40)))
    sheet = Sheet(1600, 1130, (250, 252, 254))
    sheet.frame(24, 30, hue)
    sheet.text(800, 190, "国内域名注册证书", 72, hue, serif=True, anchor="mm")
    domain = f"yangli{seed % 1000}.example.cn"
    rows = (
        ("域名", domain),
        ("注册人", whose.name),
        ("注册日期", "2024-03-15"),
        ("到期日期", "2028-03-15"),
        ("注册机构", "样例域名注册服务机构"),
    )
    for place, (label, value) in enumerate(rows):
        sheet.text(260, 350 + 110 * place, label, 38, (90, 100, 110))
        sheet.text(520, 350 + 110 * place, value, 42)
    sheet.seal(1270, 850, 120, "样例域名注册服务机构", seed)
    sheet.text(800, 1045, "样例 SPECIMEN", 24, hue, anchor="mm")
    return Paper(
        sheet.pixels(),
        MaterialKind.DOMAIN_CERTIFICATE,
        fields={"domain": domain, "name": whose.name, "valid_until": "2028-03-15"},
    )
