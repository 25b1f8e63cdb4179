"""Names of persons, bodies and websites."""

import re
from dataclasses import dataclass
from typing import ClassVar

from dialogs.answers.base import Context, Found
from dialogs.answers.lead_in import lead_in, settled
from dialogs.answers.masks import mask_name
from dialogs.answers.open_answer import OpenAnswer
from filing.identifiers.normalise import aligned
from filing.identifiers.org_name import parse_org_name
from filing.identifiers.person_name import parse_person_name
from filing.identifiers.site_name import parse_site_name
from filing.invalid import Invalid

_PERSON_LEAD = lead_in(
    "(?:负责人|联系人|法人|法定代表人|主体负责人|网站负责人)?(?:姓名|名字|真实姓名)",
    "负责人|法人代表|法定代表人|法人|联系人",
    "(?:full )?name",
    "我(?=叫|是)",
    before_latin=False,
)
_ORG_LEAD = lead_in(
    "(?:主办单位|公司|单位|企业|机构|主体)(?:全称|名称|名字|名)?",
    "全称|名称",
    "我们(?:公司|单位)?(?=叫|是)|我司(?=叫|是)",
    "(?:company|organisation|organization)(?: name)?",
    before_latin=False,
)
_SITE_LEAD = lead_in(
    "网站(?:名称|名字|名)?", "名称|名字|站名", "(?:site|website)(?: name)?", before_latin=False
)
_LABELLED_PERSON = re.compile(
    r"(?:姓名|名字|负责人|法人代表|法定代表人|法人|联系人|我叫|叫)\s*(?:是|叫|为|[::])?\s*"
    r"([\u4e00-\u9fff]{2,4}(?:·[\u4e00-\u9fff]{1,10})*)(?=[\s,，。;；、]|$|电话|手机|身份证|邮箱)"
)
_NO_NAME = re.compile(
    r"[是的吗呢么什谁哪怎要可需和与或证]|身份|电话|手机|邮箱|姓名|负责|变更|授权|本人|同一"
)
_ORG = re.compile(
    r"(?:[\u4e00-\u9fffA-Za-z0-9·&]|\((?=[\u4e00-\u9fff]{2,8}\))|(?<=[\u4e00-\u9fff])\)){2,40}?"
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|合伙企业(?:\((?:有限|普通)合伙\))?|事务所|专业合作社|工作室|经营部|商行|"
    r"个体工商户|基金会|研究院|研究所|幼儿园|中学|小学|大学|医院|委员会)(?:[\u4e00-\u9fff]{2,8}分公司)?"
)
_BEFORE_ORG = re.compile(
    r".*?(?:公司|单位|主体|企业|机构|全称|名称|名字|我们|我司)(?:全称|名称|名字|名)?(?:应该)?"
    r"(?:是|叫做?|为|填)|.*?(?:是|叫|为)|我们公司|我们单位|我们|我司|本公司"
)
_LABELLED_SITE = re.compile(
    r"(?:网站(?:名称|名字|名)|站名)\s*(?:是|叫|为|填|改[成为]|[::])+\s*[《“\"]?([^\s,，。;；《》“”\"]{2,40})"
)


@dataclass(frozen=True, slots=True)
class PersonName(OpenAnswer):
    """A person's name as on the certificate."""

    name: ClassVar[str] = "person_name"
    sensitive: ClassVar[bool] = True

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.person_name.parse_person_name``."""
        return settled(text, _PERSON_LEAD, parse_person_name)

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The name; masked 张*."""
        return mask_name(value) if masked else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Names introduced as such: 姓名：张三, 法人叫李四."""
        found = []
        for match in _LABELLED_PERSON.finditer(aligned(text)):
            value = parse_person_name(match.group(1))
            if isinstance(value, str) and not _NO_NAME.search(value):
                found.append(Found(value, match.start(1), match.end(1)))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class OrgName(OpenAnswer):
    """The name of a body, word for word as on its certificate."""

    name: ClassVar[str] = "org_name"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.org_name.parse_org_name``."""
        return settled(text, _ORG_LEAD, parse_org_name)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Names with a legal ending: …有限公司, …事务所."""
        found = []
        for match in _ORG.finditer(aligned(text)):
            start = match.start()
            before = _BEFORE_ORG.match(match.group())
            if before and before.end() + 4 < len(match.group()):
                start += before.end()
            value = parse_org_name(text[start : match.end()])
            if isinstance(value, str) and match.end() - start > 5:
                found.append(Found(value, start, match.end()))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class SubjectName(OpenAnswer):
    """主办单位名称: a person's name for an individual, else a body's; ``kind_step`` tells which."""

    kind_step: str = "subject_kind"

    name: ClassVar[str] = "subject_name"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """As ``PersonName`` or ``OrgName``."""
        return self._type(context).parse(text, context)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """As ``PersonName`` or ``OrgName``."""
        return self._type(context).extract(text, context)

    def _type(self, context: Context) -> PersonName | OrgName:
        is_person = context.values.get(self.kind_step) == "individual"
        return PersonName() if is_person else OrgName()


@dataclass(frozen=True, slots=True)
class SiteName(OpenAnswer):
    """网站名称, as to its form; the rulebook judges what it says."""

    name: ClassVar[str] = "site_name"

    def parse(self, text: str, context: Context) -> str | Invalid:
        """See ``filing.identifiers.site_name.parse_site_name``."""
        return settled(text, _SITE_LEAD, parse_site_name)

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """A name introduced as the website's."""
        match = _LABELLED_SITE.search(aligned(text))
        if match is None:
            return ()
        value = parse_site_name(text[match.start(1) : match.end(1)])
        return (Found(value, match.start(1), match.end(1)),) if isinstance(value, str) else ()
