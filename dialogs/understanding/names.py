"""Names of persons and bodies, told from the sentences that stand around them."""

import re

from dialogs.understanding.lexicon import lexicon

_HAN_NAME = re.compile(r"\s*([\u4e00-\u9fff]{1,15}·[\u4e00-\u9fff·]{1,20}|[\u4e00-\u9fff]{2,6})")
_LATIN_NAME = re.compile(r"\s*([A-Z][A-Za-z'\-]+(?: [A-Z][A-Za-z'.\-]*){1,4})")
_NOT_IN_NAMES = re.compile(
    r"[的不我你您他她它没吗呢么吧这那哪谁啥是就还很把要请问填错号码址证件]"
    r"|什么|怎么|多少|一样|自己|本人|公司|网站|负责|法人|变更|知道|同意|可以|确认|需要|有限|电话|手机"
    r"|邮箱|名称|姓名|现在|已经|没有|人工|客服|继续|稍等|随便|应该|备案|域名|执照|老板|同上|一致"
)
_SENTENCE = re.compile(
    r"^(?:做|搞|卖|开|在|有|没|不)(?!.*(?:公司|店|厂|中心|所|院|校|会|社|行|部|馆|室|局|网|站)$)"
    r"|[我你您吗呢]|不知道|不清楚|怎么|什么|还没|暂时|备案$|可以|没有|想不|随便|同上"
    r"|(?:一样|一致|相同)的?$"
)
_LONGEST = 4


def leading_name(text: str, *, signed: bool) -> tuple[str, int] | None:
    """The person's name ``text`` begins with and where it ends, or None.

    Without a colon before it (``signed``) a Chinese name must begin with a family name.
    """
    found = _LATIN_NAME.match(text)
    if found:
        return found.group(1), found.end()
    found = _HAN_NAME.match(text)
    if not found:
        return None
    name = found.group(1)
    if "·" in name:
        return name, found.end()
    if _NOT_IN_NAMES.search(name) or len(name) > _LONGEST:
        return None
    if not signed and not starts_with_surname(name):
        return None
    return name, found.end()


def starts_with_surname(name: str) -> bool:
    """Whether a Chinese family name stands in front."""
    surnames = lexicon().surnames
    return name[:2] in surnames or name[:1] in surnames


def could_be_person(text: str) -> bool:
    """Whether a whole text may be somebody's name rather than a remark."""
    return _NOT_IN_NAMES.search(text) is None


def could_be_body(text: str) -> bool:
    """Whether a whole text reads like the name of a body or a website, not like a sentence."""
    return _SENTENCE.search(text) is None
