"""What the product says fits the code that says it, and the people who read it."""

import re
from datetime import date

import pytest

from dialogs.answers.base import Context
from dialogs.flow import Step
from dialogs.flows.first_filing import FIRST_FILING
from dialogs.understanding import understand
from dialogs.understanding.understood import Intent
from dialogs.wording import LOCALES, Wording, load_wording
from dialogs.wording.texts import FILES
from dialogs.wording.validate import STEP_VARIABLES
from filing.invalid import Invalid
from knowledge.templates import variables_of
from tests.dialogs.wording_use import Said, refusals, sentences, written_out

WORDING = load_wording()
REFUSALS = refusals("filing", "dialogs", "bot")
SENTENCES = sorted(
    {said for said in sentences("dialogs", "bot") if said.key.partition(".")[0] in FILES},
    key=lambda said: (said.key, said.place),
)
_NO_COMMAND = {Intent.UNKNOWN, Intent.FAQ, Intent.SMALLTALK, Intent.ANSWER}
ASKED = [step for step in FIRST_FILING.steps if step.ask is not None]


def variables(wording: Wording, key: str, locale: str) -> frozenset[str]:
    text = wording.texts(key.partition(".")[0], locale)[key]
    return variables_of(wording.environment(locale), text)


def of_a_step(step: Step, part: str, locale: str, **known: object) -> str:
    given = dict.fromkeys(STEP_VARIABLES, "") | {
        "is_individual": False,
        "legal_representative_required": False,
        "rule": lambda _key: 3,
    }
    return WORDING.say(f"step.{step.key}.{part}", locale, **(given | known))


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_every_refusal_is_worded_with_the_parameters_it_has(code: str, locale: str) -> None:
    assert WORDING.has(f"invalid.{code}", locale), f"no wording for {code}"
    assert variables(WORDING, f"invalid.{code}", locale) <= REFUSALS[code]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_refusal_is_worded_that_nobody_gives(locale: str) -> None:
    written = {key.removeprefix("invalid.") for key in WORDING.texts("invalid", locale)}
    assert written == REFUSALS.keys()


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("said", SENTENCES, ids=lambda said: f"{said.key}-{said.place}")
def test_every_sentence_said_is_written_and_gets_its_variables(said: Said, locale: str) -> None:
    assert WORDING.has(said.key, locale), f"{said.place} says {said.key}, which nobody wrote"
    if not said.open_ended:
        optional = {"step"} if said.key == "message.help" else set()
        assert variables(WORDING, said.key, locale) <= said.variables | optional


@pytest.mark.parametrize("kind", ["message", "button", "stage", "sheet"])
def test_no_sentence_is_written_that_nobody_says(kind: str) -> None:
    written = written_out("dialogs", "bot") | {one.key for one in SENTENCES}
    begun = tuple(one[:-1] for one in written if one.startswith(f"{kind}.") and one[-1] == "*")
    unsaid = {
        key
        for key in WORDING.texts(kind, "zh-CN")
        if key not in written and not key.startswith(begun)
    }
    assert unsaid == set()


@pytest.mark.parametrize("is_individual", [True, False])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("step", ASKED, ids=lambda step: step.key)
def test_a_question_is_short_enough_for_a_phone(
    step: Step, locale: str, is_individual: bool
) -> None:
    ask = of_a_step(step, "ask", locale, is_individual=is_individual, province="江苏")
    assert len(ask.splitlines()) <= 2
    assert len(ask) <= (60 if locale == "zh-CN" else 130)
    assert ask.count("？") + ask.count("?") <= 2


@pytest.mark.parametrize("kind", ["enterprise", "individual"])
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("step", ASKED, ids=lambda step: step.key)
def test_the_example_of_a_step_is_itself_an_accepted_answer(
    step: Step, locale: str, kind: str
) -> None:
    certificate = "id_card" if kind == "individual" else "business_licence"
    context = Context(
        today=date(2026, 11, 24),
        values={
            "subject_kind": kind,
            "cert_type": certificate,
            "principal_id_type": "id_card",
            "site_manager_id_type": "id_card",
            "province": "江苏",
        },
        locale=locale,
    )
    example = of_a_step(step, "example", locale, is_individual=kind == "individual")
    assert step.ask is not None
    assert not isinstance(step.ask.parse(example, context), Invalid)


@pytest.mark.parametrize("locale", LOCALES)
def test_what_the_help_says_one_can_say_is_understood(locale: str) -> None:
    context = Context(today=date(2026, 11, 24), values={"email": "old@example.com"}, locale=locale)
    for phrase in re.findall("“(.+?)”", WORDING.say("message.help", locale)):
        typed = re.sub("…+", "new@example.com", phrase)
        read = understand(
            typed, flow=FIRST_FILING, open_step=FIRST_FILING["site_name"], context=context
        )
        assert read.intent not in _NO_COMMAND, phrase


@pytest.mark.parametrize(
    "kind", ["message", "step", "invalid", "stage", "consent", "button", "material"]
)
def test_chinese_texts_say_the_polite_you(kind: str) -> None:
    rude = {key for key, text in WORDING.texts(kind, "zh-CN").items() if "你" in text}
    assert rude == set()


def test_english_texts_use_chinese_only_where_a_form_shows_it() -> None:
    """Chinese in English texts is an example, a quotation of a page, or a name."""
    shown = {"example", "help", "ask", "why", "district_missing", "city_missing"}
    for key, text in WORDING.texts("message", "en").items():
        assert not re.search(r"[\u4e00-\u9fff]", text), key
    for key, text in WORDING.texts("step", "en").items():
        if re.search(r"[\u4e00-\u9fff]", text):
            assert key.rpartition(".")[2] in shown, key
