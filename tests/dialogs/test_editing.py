"""Any answer can be changed at any time; exactly what rests on it is asked again."""

from tests.dialogs.talk import Talk, fill


def test_a_changed_province_reopens_the_address_and_keeps_the_rest(talk: Talk) -> None:
    fill(
        talk,
        until="site_name",
        subject_kind="individual",
        cert_type="passport",
        cert_number="X12345678",
        province="江苏",
        subject_name="DUPONT JEAN",
    )
    before = talk.values
    talk.press("edit:province")
    assert talk.asking == "province"
    talk.say("浙江")
    assert talk.asking == "address"
    gone = set(before) - set(talk.values)
    assert gone == {"address"}
    assert talk.values["phone"] == before["phone"]


def test_the_former_value_is_offered_again(talk: Talk) -> None:
    fill(talk, until="cert_address")
    talk.press("edit:cert_number")
    talk.say("91350100M000100Y43")
    assert talk.asking == "subject_record"
    talk.press("answer:subject_record:none")
    assert talk.asking == "subject_name"
    talk.press("accept:subject_name")
    assert talk.values["subject_name"] == "南京样例茶业有限公司"


def test_changing_back_makes_the_dependent_answers_count_again(talk: Talk) -> None:
    fill(
        talk,
        until="site_name",
        subject_kind="individual",
        cert_type="passport",
        cert_number="X12345678",
        province="江苏",
        subject_name="DUPONT JEAN",
    )
    before = talk.values
    talk.press("edit:province")
    talk.say("浙江")
    talk.press("edit:province")
    talk.say("江苏")
    assert talk.values == before


def test_back_and_forward_lose_nothing(talk: Talk) -> None:
    fill(talk, until="phone")
    before = talk.values
    for _ in range(5):
        talk.say("上一步")
    assert talk.asking != "phone"
    for _ in range(5):
        talk.press("cmd:forward")
    assert (talk.asking, talk.values) == ("phone", before)


def test_back_stops_at_the_first_question(talk: Talk) -> None:
    fill(talk, until="subject_kind")
    for _ in range(5):
        said = talk.say("上一步")
    assert talk.asking == "consent_processing"
    assert "第一项" in said


def test_undo_and_redo_are_each_others_inverse(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.press("edit:domain")
    talk.say("example-other.cn")
    changed = talk.values
    talk.say("撤销")
    assert talk.values["domain"] == "example-tea.cn"
    talk.press("cmd:redo")
    assert talk.values == changed


def test_a_correction_in_passing_changes_the_answer_and_goes_on(talk: Talk) -> None:
    fill(talk, until="office_phone")
    said = talk.say("刚才手机号填错了，手机号改成13900139111")
    assert talk.values["phone"] == "13900139111"
    assert talk.asking == "office_phone"
    assert "139****9111" in said


def test_restart_needs_a_yes_and_keeps_the_consents(talk: Talk) -> None:
    fill(talk, until="phone")
    talk.say("重新开始")
    assert talk.asking == "phone"
    talk.press("yes:restart")
    assert talk.asking == "prerequisites"
    assert talk.values["consent_processing"] == "agree"


def test_a_restart_not_confirmed_changes_nothing(talk: Talk) -> None:
    fill(talk, until="phone")
    before = talk.values
    talk.say("重新开始")
    talk.say("不")
    assert talk.values == before


def test_an_old_restart_button_does_nothing(talk: Talk) -> None:
    fill(talk, until="phone")
    before = talk.values
    talk.press("yes:restart")
    assert talk.values == before


def test_an_old_answer_button_is_explained_and_changes_nothing(talk: Talk) -> None:
    fill(talk, until="phone")
    before = talk.values
    said = talk.press("answer:subject_kind:individual")
    assert talk.values == before
    assert "主办单位性质" in said


def test_an_unknown_button_is_answered(talk: Talk) -> None:
    fill(talk, until="domain")
    said = talk.press("nonsense:\x00\x01")
    assert said
    assert talk.asking == "domain"


def test_only_optional_questions_can_be_skipped(talk: Talk) -> None:
    fill(talk, until="domain")
    assert "跳" in talk.say("跳过")
    assert talk.asking == "domain"
    fill(talk, until="remark")
    if talk.asking == "remark":
        talk.say("跳过")
        assert talk.asking == "confirm"
