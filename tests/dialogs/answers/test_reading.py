"""Whole answers as applicants write them, with the words around."""

import pytest

from dialogs.answers.addresses import Address
from dialogs.answers.base import AnswerType, Context
from dialogs.answers.certificates import CertificateNumber, CertificateTypeChoice
from dialogs.answers.choices import Acknowledge, Choice, MultiChoice, YesNo
from dialogs.answers.contacts import AnyPhone, Email, MobilePhone
from dialogs.answers.dates import ExpiryDate, PastDate
from dialogs.answers.files import Upload
from dialogs.answers.names import OrgName, PersonName, SiteName, SubjectName
from dialogs.answers.network import Domain, IpAddresses
from dialogs.answers.places import Province
from dialogs.answers.text import Months, Text
from filing.invalid import Invalid, invalid
from filing.subject import CERTIFICATES_OF, SubjectKind
from tests.dialogs.answers.kinds import CONTEXT
from tests.filing.identifiers.made import TODAY

USCC = "91350100M000100Y43"
ID_CARD = "11010519491231002X"


@pytest.mark.parametrize(
    "ask,typed,value",
    [
        (Domain(), "域名是example.cn", "example.cn"),
        (Domain(), "我的域名：example.cn，谢谢", "example.cn"),
        (Domain(), "my domain is example.cn", "example.cn"),
        (MobilePhone(), "手机号码是138 0013 8000", "13800138000"),
        (MobilePhone(), "是13800138000", "13800138000"),
        (AnyPhone(), "办公电话：025-83112345", "02583112345"),
        (Email(), "我的邮箱是a@example.cn", "a@example.cn"),
        (Email(), "E-mail: a@example.cn", "a@example.cn"),
        (PersonName(), "我叫张三", "张三"),
        (PersonName(), "法定代表人是李四", "李四"),
        (OrgName(), "我们公司叫江苏测试有限公司", "江苏测试有限公司"),
        (OrgName(), "公司名称：江苏测试有限公司", "江苏测试有限公司"),
        (SiteName(), "网站名称叫测试小站", "测试小站"),
        (SiteName(), "叫我大王", "叫我大王"),
        (Province(), "我在江苏", "江苏"),
        (Province(), "江蘇省", "江苏"),
        (Province(), "Jiangsu", "江苏"),
        (Province(), "南京", "江苏"),
        (Province(), "呼和浩特市", "内蒙古"),
        (Province(), "备案省份：浙江", "浙江"),
        (ExpiryDate(), "有效期至2030年1月1日", "2030-01-01"),
        (ExpiryDate(), "长期", "permanent"),
        (PastDate(), "昨天", "2026-11-22"),
        (Months(), "服务器剩余时长：1年", "12"),
        (IpAddresses(), "服务器IP是139.198.1.1", "139.198.1.1"),
        (Address(), "通信地址是南京市雨花台区软件大道1号", "江苏省南京市雨花台区软件大道1号"),
        (Address(as_printed=True), "住所：南京市雨花台区测试路", "南京市雨花台区测试路"),
        (CertificateNumber("licence"), f"统一社会信用代码：{USCC.lower()}", USCC),
        (CertificateNumber("card"), f"身份证号是{ID_CARD}", ID_CARD),
        (CertificateNumber("unasked"), ID_CARD, ID_CARD),
        (CertificateNumber("unasked", personal=True), ID_CARD, ID_CARD),
        (CertificateTypeChoice("subject_kind"), "用营业执照", "business_licence"),
        (CertificateTypeChoice(personal=True), "身份證", "id_card"),
        (CertificateTypeChoice(), "台胞证", "taiwan_permit"),
        (Choice("subject_kind"), "我们是公司", "enterprise"),
        (Choice("subject_kind"), "3", "individual"),
        (Choice("subject_kind"), "第二个", "sole_proprietor"),
        (Choice("subject_kind"), "ＣＯＭＰＡＮＹ", "enterprise"),
        (Choice("subject_kind"), "民辦非企業單位", "private_non_enterprise"),
        (YesNo(), "是同一个人", "yes"),
        (YesNo(), "不是", "no"),
        (Acknowledge(), "知道了", "yes"),
        (MultiChoice("language"), "中文和英文", "zh-Hans,en"),
        (MultiChoice("language"), "english, chinese", "zh-Hans,en"),
        (MultiChoice("pre_approval"), "新闻 教育", "news,education"),
        (MultiChoice("pre_approval"), "3、2", "news,publishing"),
        (MultiChoice("pre_approval"), "药品和医疗器械、教育", "drug_device,education"),
        (Text(), " 介绍\n我们的 产品 ", "介绍 我们的 产品"),
    ],
)
def test_the_words_around_an_answer_are_no_part_of_it(
    ask: AnswerType, typed: str, value: str
) -> None:
    assert ask.parse(typed, CONTEXT) == value


@pytest.mark.parametrize(
    "ask,typed,result",
    [
        (Province(), "香港", invalid("province.outside")),
        (Province(), "火星", invalid("province.unknown")),
        (Province(), "", invalid("text.empty")),
        (ExpiryDate(permanent=False), "长期", invalid("date.not_permanent")),
        (Choice("subject_kind"), "什么意思", invalid("choice.unknown")),
        (Choice("subject_kind"), "99", invalid("choice.unknown")),
        (CertificateTypeChoice("subject_kind"), "身份证", invalid("choice.not_offered")),
        (MultiChoice("pre_approval", alone=("none",)), "无，新闻", invalid("choice.alone")),
        (MultiChoice("language"), "中文和火星文", invalid("choice.unknown")),
        (MultiChoice("language"), "，", invalid("choice.unknown")),
        (YesNo(), "也许", invalid("choice.unknown")),
        (Acknowledge(), "不同意", invalid("choice.acknowledge")),
        (Text(min_length=3), "好", invalid("text.too_short", min=3)),
        (Text(max_length=3), "很长的话", invalid("text.too_long", max=3)),
        (Text(), " \u200b ", invalid("text.empty")),
        (Upload(), "我没有文件", invalid("upload.expected")),
        (
            CertificateNumber("unasked", personal=True),
            USCC,
            invalid("certificate.looks_like", looks_like="business_licence"),
        ),
        (
            Address(),
            "浙江省杭州市西湖区测试路1号",
            invalid("address.other_province", expected="江苏", found="浙江"),
        ),
    ],
)
def test_a_wrong_answer_says_why(ask: AnswerType, typed: str, result: Invalid) -> None:
    assert ask.parse(typed, CONTEXT) == result


def test_options_depend_on_earlier_answers() -> None:
    ask = Choice("service_content", options_by=("subject_kind", {"individual": ("blog", "other")}))
    person = Context(TODAY, {"subject_kind": "individual"})
    assert ask.options(person) == ("blog", "other")
    assert ask.parse("1", person) == "blog"
    assert ask.parse("单位门户", person) == invalid("choice.not_offered")
    assert ask.parse("1", CONTEXT) == "unit_portal"


@pytest.mark.parametrize("kind", list(SubjectKind))
def test_each_kind_of_subject_is_offered_its_own_certificates(kind: SubjectKind) -> None:
    ask = CertificateTypeChoice("subject_kind")
    assert ask.options(Context(TODAY, {"subject_kind": kind.value})) == CERTIFICATES_OF[kind]


def test_the_subjects_name_is_a_persons_for_an_individual() -> None:
    ask = SubjectName()
    person = Context(TODAY, {"subject_kind": "individual"})
    assert ask.parse("张先生", person) == invalid("name.courtesy")
    assert ask.parse("张先生食品店", CONTEXT) == "张先生食品店"


@pytest.mark.parametrize(
    "ask,value,shown",
    [
        (CertificateNumber("card"), ID_CARD, "**************002X"),
        (CertificateNumber("card"), "12345678", "*******8"),
        (CertificateNumber("licence"), USCC, USCC),
        (MobilePhone(), "13800138000", "138****8000"),
        (AnyPhone(), "02583112345", "025****2345"),
        (Email(), "somebody@example.cn", "s***@example.cn"),
        (PersonName(), "张三", "张*"),
        (PersonName(), "John Smith", "J***"),
        (Address(), "江苏省南京市雨花台区软件大道1号", "江苏省南京市***"),
        (Text(is_sensitive=True), "测试路一号", "测试***"),
        (Domain(), "example.cn", "example.cn"),
    ],
)
def test_masks_leave_just_enough_to_recognise(ask: AnswerType, value: str, shown: str) -> None:
    assert ask.show(value, masked=True) == shown


@pytest.mark.parametrize(
    "ask,value,chinese,english",
    [
        (AnyPhone(), "02583112345-801", "025-83112345-801", "025-83112345-801"),
        (ExpiryDate(), "permanent", "长期", "no expiry"),
        (Months(), "1", "1 个月", "1 month"),
        (Province(), "江苏", "江苏", "Jiangsu"),
        (IpAddresses(), "1.1.1.1,1.0.0.1", "1.1.1.1、1.0.0.1", "1.1.1.1, 1.0.0.1"),
        (MultiChoice("language"), "zh-Hans,en", "中文简体、英语", "Simplified Chinese, English"),
        (YesNo(), "no", "否", "No"),
    ],
)
def test_values_are_shown_in_the_readers_language(
    ask: AnswerType, value: str, chinese: str, english: str
) -> None:
    assert ask.show(value) == chinese
    assert ask.show(value, locale="en") == english
