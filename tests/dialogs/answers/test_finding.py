"""Values recognised in the middle of what applicants write."""

import pytest

from dialogs.answers.addresses import Address
from dialogs.answers.base import AnswerType
from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Choice, MultiChoice, YesNo
from dialogs.answers.contacts import AnyPhone, Email, MobilePhone
from dialogs.answers.dates import ExpiryDate, PastDate
from dialogs.answers.names import OrgName, PersonName, SiteName, SubjectName
from dialogs.answers.network import Domain, IpAddresses
from dialogs.answers.places import Province
from dialogs.answers.text import Text
from tests.dialogs.answers.kinds import CONTEXT

USCC = "91350100M000100Y43"
ID_CARD = "11010519491231002X"
EVERYTHING = (
    f"我们是江苏测试科技有限公司，营业执照{USCC}，法人叫张三，身份证号{ID_CARD}，"
    "手机13800138000，邮箱：a@example.cn，域名example.cn，办公电话025-83112345，"
    "地址：江苏省南京市雨花台区软件大道1号，IP 139.198.1.1，有效期到2030年1月1日"
)


def found(ask: AnswerType, text: str) -> list[str]:
    """The values found in a text."""
    return [one.value for one in ask.extract(text, CONTEXT)]


@pytest.mark.parametrize(
    "ask,values",
    [
        (CertificateNumber("licence"), [USCC]),
        (CertificateNumber("card"), [ID_CARD]),
        (CertificateNumber("unasked"), [USCC, ID_CARD]),
        (CertificateNumber("unasked", personal=True), [ID_CARD]),
        (MobilePhone(), ["13800138000"]),
        (AnyPhone(), ["13800138000", "02583112345"]),
        (Email(), ["a@example.cn"]),
        (Domain(), ["example.cn"]),
        (Address(), ["江苏省南京市雨花台区软件大道1号"]),
        (IpAddresses(), ["139.198.1.1"]),
        (OrgName(), ["江苏测试科技有限公司"]),
        (SubjectName(), ["江苏测试科技有限公司"]),
        (PersonName(), ["张三"]),
        (Province(), ["江苏"]),
        (ExpiryDate(), ["2030-01-01"]),
        (PastDate(), []),
        (Choice("subject_kind"), ["enterprise"]),
        (CertificateTypeChoice("subject_kind"), ["business_licence"]),
        (CertificateTypeChoice(personal=True), ["id_card"]),
        (YesNo(), []),
        (Text(), []),
    ],
)
def test_one_message_holding_everything_is_taken_apart(ask: AnswerType, values: list[str]) -> None:
    assert found(ask, EVERYTHING) == values


@pytest.mark.parametrize(
    "ask,text,values",
    [
        (Domain(), "我的域名是例子.中国", ["例子.中国"]),
        (Domain(), "把域名改成测试.com吧", ["测试.com"]),
        (Domain(), "example.cn和example.com", ["example.cn", "example.com"]),
        (Domain(), "网址http://www.example.cn/a", ["example.cn"]),
        (Domain(), "我用www.example.com。谢谢", ["example.com"]),
        (Domain(), "beian.miit.gov.cn怎么登录", []),
        (Domain(), "写到a@example.cn", []),
        (Domain(), "看README.md和a.zip", []),
        (Domain(), "版本1.2.3，价格3.14", []),
        (Domain(), "Test Co.Ltd", []),
        (MobilePhone(), f"身份证{ID_CARD}", []),
        (MobilePhone(), "电话+86 138 0013 8000哦", ["13800138000"]),
        (MobilePhone(), "13800138000或13900139000", ["13800138000", "13900139000"]),
        (AnyPhone(), "座机（025）83112345转801", ["02583112345-801"]),
        (Email(), "发到a@example.cn或b@example.cn", ["a@example.cn", "b@example.cn"]),
        (Email(), "我的a@b", []),
        (CertificateNumber("licence"), "代码9135 0100 M000 100Y 43哦", [USCC]),
        (CertificateNumber("licence"), f"是{USCC}。", [USCC]),
        (CertificateNumber("licence"), "91350100M000100Y44", []),
        (CertificateNumber("passport"), "护照号E12345678", ["E12345678"]),
        (CertificateNumber("passport"), "订单E12345678", []),
        (CertificateNumber("hk"), "H12345678", ["H12345678"]),
        (
            Address(),
            "我住在南京市雨花台区软件大道1号，电话13800138000",
            ["江苏省南京市雨花台区软件大道1号"],
        ),
        (
            Address(),
            "办公在南京市雨花台区软件大道1号 邮编210012",
            ["江苏省南京市雨花台区软件大道1号"],
        ),
        (Address(), "我在南京", []),
        (Address(), "地址要写到门牌号吗", []),
        (IpAddresses(), "139.198.1.1和139.198.1.2", ["139.198.1.1,139.198.1.2"]),
        (IpAddresses(), "IPv6是2400:3200::1", ["2400:3200::1"]),
        (IpAddresses(), "内网192.168.1.1，时间12:30:45", []),
        (Province(), "我们在南京", ["江苏"]),
        (Province(), "住在南京西路", []),
        (Province(), "浙江路1号", []),
        (Province(), "上海和北京", ["上海", "北京"]),
        (Province(), "I am from Jiangsu Province", ["江苏"]),
        (Choice("subject_kind"), "是个体户，不是企业", ["sole_proprietor"]),
        (Choice("subject_kind"), "公司还是个体户好", []),
        (Choice("subject_kind"), "we are a company", ["enterprise"]),
        (Choice("subject_kind"), "民办非企业单位", ["private_non_enterprise"]),
        (MultiChoice("language"), "网站有英文和日文", ["en,ja"]),
        (ExpiryDate(), "身份证长期有效", ["permanent"]),
        (ExpiryDate(permanent=False), "长期有效", []),
        (PastDate(), "域名2026-11-01实名的", ["2026-11-01"]),
        (
            OrgName(),
            "主办单位是上海测试（中国）技术有限公司南京分公司",
            ["上海测试（中国）技术有限公司南京分公司"],
        ),
        (OrgName(), "公司需要什么材料", []),
        (PersonName(), "法人是谁", []),
        (PersonName(), "姓名：张三，手机", ["张三"]),
        (SiteName(), "网站名称是测试小站，域名a.cn", ["测试小站"]),
        (SiteName(), "网站名称有什么要求", []),
    ],
)
def test_what_is_found_in_a_sentence(ask: AnswerType, text: str, values: list[str]) -> None:
    assert found(ask, text) == values


def test_a_value_found_tells_where_it_stands() -> None:
    text = "域名example.cn，邮箱a@example.cn"
    (one,) = Domain().extract(text, CONTEXT)
    assert text[one.start : one.end] == "example.cn"
    assert one.start == 2
