"""The form every contestant asks: twelve questions of the first filing, and what is typed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

Read = Callable[[str], str | None]
"""The value behind what was typed, or None if it cannot be read."""


@dataclass(frozen=True, slots=True)
class Question:
    """One question as a plain bot would write it; ``typed`` is what every user answers."""

    key: str
    text: str
    typed: str
    read: Read
    choices: tuple[str, ...] = ()


def _text(low: int, high: int) -> Read:
    return lambda typed: typed.strip() if low <= len(typed.strip()) <= high else None


def _one_of(*choices: str) -> Read:
    return lambda typed: typed.strip() if typed.strip() in choices else None


def _shaped(pattern: str) -> Read:
    shape = re.compile(pattern)
    return lambda typed: typed.strip().lower() if shape.fullmatch(typed.strip()) else None


def _day(typed: str) -> str | None:
    try:
        return date.fromisoformat(typed.strip()).isoformat()
    except ValueError:
        return None


_KINDS = (
    "企业",
    "个体工商户",
    "个人",
    "政府机关",
    "事业单位",
    "社会团体",
    "民办非企业单位",
    "基金会",
)
_PLACES = ("中国内地", "港澳台或境外", "还没有服务器")
_RECORDS = ("从未备案过", "在本服务商备过", "在别家备过", "不确定")
_SERVICES = ("单位门户网站", "综合门户", "博客/个人空间", "其他")
_LANGUAGES = ("中文简体", "中文繁体", "英语", "日语", "韩语", "法语", "德语", "俄语")
_HOLDERS = ("主办单位（或本人）", "法定代表人", "股东或高管", "其他人")

QUESTIONS: tuple[Question, ...] = (
    Question(
        "subject_kind",
        "这次备案以谁的名义办：企业、个体工商户、个人，还是其他单位？",
        "企业",
        _one_of(*_KINDS),
        _KINDS,
    ),
    Question(
        "domain",
        "要备案的域名是哪个？\n例如：example.cn",
        "example-tea.cn",
        _shaped(r"([\w-]{1,63}\.)+[A-Za-z]{2,63}"),
    ),
    Question("server_location", "网站服务器放在哪里？", "中国内地", _one_of(*_PLACES), _PLACES),
    Question(
        "subject_record",
        "这个单位以前办过 ICP 备案吗？",
        "从未备案过",
        _one_of(*_RECORDS),
        _RECORDS,
    ),
    Question(
        "domain_record",
        "这个域名以前备过案吗？",
        "从未备案过",
        _one_of(*_RECORDS),
        _RECORDS,
    ),
    Question("site_name", "网站叫什么名字？\n例如：云上茶业官网", "样例茶业官网", _text(3, 60)),
    Question("service_content", "网站主要做什么？", "单位门户网站", _one_of(*_SERVICES), _SERVICES),
    Question("language", "网站用什么语言？", "中文简体", _one_of(*_LANGUAGES), _LANGUAGES),
    Question("server_months_left", "服务器还剩几个月到期？\n例如：12", "11", _shaped(r"\d{1,3}")),
    Question(
        "domain_holder",
        "域名实名认证的所有者是谁？",
        "主办单位（或本人）",
        _one_of(*_HOLDERS),
        _HOLDERS,
    ),
    Question(
        "domain_verified_on",
        "域名是哪天通过实名认证的？\n例如：2026-01-31",
        "2026-10-08",
        _day,
    ),
    Question(
        "remark",
        "还有要向审核人员说明的吗？",
        "公司介绍和茶叶产品展示",
        _text(2, 255),
    ),
)

START = "/start"
NOT_READ = "没看懂，请再说一次。"

TYPED: tuple[str, ...] = (START, *(question.typed for question in QUESTIONS))
"""What one user sends, in order."""


def ask(number: int) -> str:
    """The text that puts a question, with its place in the form."""
    return f"第 {number + 1}/{len(QUESTIONS)} 项\n{QUESTIONS[number].text}"


def summary(values: dict[str, str]) -> str:
    """What is said when the form is complete."""
    lines = (f"{question.key}: {values.get(question.key, '')}" for question in QUESTIONS)
    return "请核对：\n" + "\n".join(lines)


FILING: tuple[str, ...] = (
    START,
    "同意",
    "都准备好了",
    "企业",
    "营业执照",
    "同意",
    "91320114MA1ABCD03G",
    "example-tea.cn",
    "中国内地",
    "从未备案过",
    "从未备案过",
    "南京样例茶业有限公司",
    "长期",
    "江苏省南京市雨花台区软件大道1号",
    "江苏省南京市雨花台区软件大道1号",
    "是",
    "张样例",
    "居民身份证",
    "320102198001010024",
    "2035-06-01",
    "13800138000",
    "025-52345678",
    "13900139000",
    "tea@example-mail.cn",
    "样例茶业官网",
    "单位门户网站",
    "以上都不涉及",
    "中文简体",
    "121.40.1.10",
    "11",
    "主办单位（或本人）",
    "2026-10-08",
    "2028-10-08",
    "是",
    "公司介绍和茶叶产品展示",
    "确认提交",
)
"""What one user sends to complete a whole first filing. Everybody in it is made up."""
