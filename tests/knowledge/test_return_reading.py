"""Reviewers' words are matched to reasons; what cannot be is left to people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.rejections import RejectionBook, load_rejection_book
from knowledge.return_reading import Reasons, read_reasons

BOOK = load_rejection_book()

SAID = {
    "R01": ["您的域名未完成实名认证，请完成后再提交", "管局查询不到该域名的实名信息"],
    "R02": ["域名所有者与主办单位名称不一致", "The domain holder does not match the subject"],
    "R03": ["域名实名证件类型错误，应为营业执照"],
    "R04": ["该域名后缀未经工信部批复"],
    "R05": ["域名注册商在境外，请转入国内"],
    "R06": ["域名即将到期，请续费后提交", "域名有效期不足三个月"],
    "R07": ["网站未备案已可以访问，请关闭解析", "备案期间域名能打开网站"],
    "R08": ["网站名称过于宽泛，请修改", "网站名称含有敏感词"],
    "R09": ["网站名称与主体无关联，请提供说明"],
    "R10": ["主体证件非本省，属于跨省备案"],
    "R11": ["主体负责人不是法定代表人"],
    "R12": ["网站负责人非法定代表人，缺少授权书"],
    "R13": ["负责人手机无人接听", "多次拨打手机号码均关机"],
    "R14": ["负责人手机号码不是本省号段"],
    "R15": ["手机号码已被其他主体使用"],
    "R16": ["网站负责人与主体负责人手机号相同", "主体负责人的邮箱与网站负责人的邮箱一样"],
    "R17": ["应急联系电话与主体负责人电话相同"],
    "R18": ["营业执照照片模糊，请重新上传", "身份证复印件不合格，请上传原件彩色扫描件"],
    "R19": ["法人身份证已过期"],
    "R20": ["身份证正反面需拼成一张图片"],
    "R21": ["公司被列入经营异常名录"],
    "R22": ["单位名称与工商公示系统不一致"],
    "R23": ["人脸核验未通过"],
    "R24": ["网站内容涉及前置审批，请提供批文"],
    "R25": ["个人网站不能含有企业内容"],
    "R26": ["请在备注中写明网站内容"],
    "R27": ["该主体已有备案，备案类型选择错误"],
    "R28": ["该主体在其他接入商有在途订单"],
    "R29": ["域名已被他人备案"],
    "R30": ["主体名下存在空壳网站"],
    "R31": ["已备案网站首页未悬挂备案号", "原有网站无法访问"],
    "R32": ["短信核验超时未完成", "SMS verification expired"],
    "R33": ["IP地址不属于接入商", "服务器剩余时长不足三个月"],
    "R34": ["通信地址不详细，请补充门牌号"],
    "R35": ["网站负责人未满18周岁"],
    "R36": ["缺少真实性承诺书"],
    "R37": ["请提交网站建设方案书"],
    "R38": ["幕布照片不合格"],
}


def test_a_call_about_pictures_says_nothing_of_the_number() -> None:
    assert read_reasons("青云打电话说照片不清楚要重新传", BOOK).codes == ("R18",)


def test_every_reason_is_said_in_some_words_here() -> None:
    assert SAID.keys() == BOOK.rejections.keys()
    assert all(rejection.phrases for rejection in BOOK.rejections.values())


@pytest.mark.parametrize(
    "code, text", [(code, text) for code, texts in SAID.items() for text in texts]
)
def test_a_reason_is_read_from_a_reviewers_words_and_no_other_with_it(code: str, text: str) -> None:
    assert read_reasons(text, BOOK).codes == (code,)


def test_several_reasons_in_one_text_are_read_in_their_order() -> None:
    text = (
        "您的备案被退回，原因如下：\n1、营业执照照片模糊；2、网站名称过于宽泛。\n3. 负责人手机关机"
    )
    assert read_reasons(text, BOOK) == Reasons(("R18", "R08", "R13"), ())


def test_a_letter_is_read_with_its_greeting_and_its_list() -> None:
    text = (
        "您好，您提交的备案信息经审核不通过，原因如下：1.网站负责人手机号码无法接通；"
        "2.营业执照图片不清晰，请重新上传；3.网站名称不规范，不能使用域名。请修改后重新提交，谢谢。"
    )
    assert read_reasons(text, BOOK) == Reasons(("R13", "R18", "R08"), ())


def test_an_english_letter_is_read_sentence_by_sentence() -> None:
    text = (
        "Your filing was returned. Reasons: 1. The domain is not real-name verified. "
        "2. The business licence photo is blurred. 3. The phone could not be reached. "
        "Please correct and resubmit."
    )
    assert read_reasons(text, BOOK) == Reasons(("R01", "R18", "R13"), ())


@pytest.mark.parametrize("text", ["负责人身份证号码填写错误", "请先注销空壳网站后再来"])
def test_words_of_one_reason_are_not_taken_for_those_of_another(text: str) -> None:
    assert set(read_reasons(text, BOOK).codes) <= {"R30"}


def test_a_code_stands_for_itself_in_any_width_and_case() -> None:
    assert read_reasons("退回代码 Ｒ１８、r08", BOOK).codes == ("R18", "R08")


@pytest.mark.parametrize(
    "text", ["不符合管理要求", "其他", "请按系统提示处理第七项", "see attachment"]
)
def test_words_that_name_no_reason_are_left_to_a_person(text: str) -> None:
    read = read_reasons(text, BOOK)
    assert read.codes == ()
    assert read.unread


def test_what_is_unclear_beside_a_known_reason_is_kept_apart() -> None:
    read = read_reasons("身份证过期；其他问题见附件说明三", BOOK)
    assert read.codes == ("R19",)
    assert read.unread == ("其他问题见附件说明三",)


def test_courtesies_are_no_reasons() -> None:
    read = read_reasons("您的备案申请被退回，请修改后重新提交。谢谢！", BOOK)
    assert read == Reasons((), ())


@given(st.text(max_size=200))
def test_no_text_breaks_the_reading(text: str) -> None:
    assert set(read_reasons(text, BOOK).codes) <= BOOK.rejections.keys()


def test_a_book_without_phrases_reads_nothing() -> None:
    assert read_reasons("身份证过期", RejectionBook({})) == Reasons((), ("身份证过期",))
