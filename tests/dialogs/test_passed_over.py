"""Values read back and neither confirmed nor denied do not get in the way."""

from tests.dialogs.talk import Talk, fill


def test_whoever_goes_on_is_not_asked_again_and_gets_the_value_offered_in_its_place(
    talk: Talk,
) -> None:
    fill(talk, until="subject_name")
    assert "邮箱" in talk.say("邮箱 tea@example-mail.cn")
    said = talk.say("南京样例茶业有限公司")
    assert "tea@example-mail.cn" not in said
    assert talk.replies[-1].step == "cert_valid_until"
    fill(talk, until="email")
    assert talk.buttons["就用 t***@example-mail.cn"] == "accept:email"
    talk.press("accept:email")
    assert talk.values["email"] == "tea@example-mail.cn"


def test_a_question_in_between_leaves_the_values_in_the_air(talk: Talk) -> None:
    fill(talk, until="subject_name")
    talk.say("邮箱 tea@example-mail.cn")
    assert "对吗" in talk.say("备案要多久？")
    talk.say("对")
    assert talk.values.get("email") == "tea@example-mail.cn" or talk.asking == "subject_name"


def test_giving_the_value_at_its_question_settles_it(talk: Talk) -> None:
    talk.say("你好，我想给 example-tea.cn 备案")
    fill(talk, until="domain")
    talk.say("example-tea.cn")
    assert talk.asking == "server_location"
    assert "对吗" not in talk.say("备案要多久？")
