"""Telling an article, hearing whether it helped, and keeping the questions it did not answer."""

from collections.abc import Iterable

from dialogs.flow import Step
from dialogs.message import Button, Citation, Reply, ReplyKind
from dialogs.ports import Question
from dialogs.turn.draft import Draft
from dialogs.understanding.masking import masked
from dialogs.understanding.reading import read
from knowledge import answering
from knowledge.answering import Asked, Route, Suggestion, Told
from knowledge.finding import goes_on

NONE_OF_THESE = "none_of_these"
PROCESSING = "processing"
_OFFERED = 2
_WHOM = 3
"""Characters that name a province or a kind of subject, and nothing else."""


def asked_by(draft: Draft, question: str) -> Asked:
    """A question with what is known of whoever asks it."""
    values = draft.journey.values
    opened = draft.open_step
    return Asked(
        question,
        locale=draft.case.locale,
        on=draft.today,
        province=values.get("province"),
        subject_kind=values.get("subject_kind"),
        stage=draft.stage.stage.value,
        step=opened.key if opened else None,
        filing_kind=values.get("filing_kind"),
        topic=draft.attention.topic if _may_go_on(question) else None,
    )


def _may_go_on(text: str) -> bool:
    """Whether a message can be about what was told last: it asks, or says no more than whom for."""
    return len(text.strip()) <= _WHOM or goes_on(text) or read(text).question is not None


def tell(
    draft: Draft, article: str, text: str, citations: Iterable[answering.Citation], question: str
) -> None:
    """Say an article and ask, quietly, whether it answers ``question`` (masked, or empty)."""
    draft.replies.append(
        Reply(
            ReplyKind.ANSWER,
            text,
            feedback_buttons(draft, article),
            citations=tuple(Citation(one.title, one.url, one.as_of) for one in citations),
        )
    )
    draft.attend(topic=article, question=question or None, told_at=draft.now)


def tell_article(draft: Draft, article: str) -> None:
    """Say the article behind a button, if it is still there."""
    told = _told(draft, article)
    if told is None:
        draft.notice("message.stale_button")
        return
    chosen = draft.attention.told_at is None  # from what was offered for a question
    question = draft.attention.question if chosen else None
    tell(draft, told.article, told.text, told.citations, question or "")


def tell_late(draft: Draft, question: Question, article: str) -> bool:
    """Say an article as the answer to an earlier question; False if there is no such article."""
    told = _told(draft, article)
    if told is None:
        return False
    text = draft.text("message.answered_later", question=question.text, text=told.text)
    tell(draft, told.article, text, told.citations, question.text)
    return True


def _told(draft: Draft, article: str) -> Told | None:
    asked = asked_by(draft, "")
    return draft.world.knowledge.tell(
        article,
        locale=asked.locale,
        on=asked.on,
        province=asked.province,
        subject_kind=asked.subject_kind,
    )


def feedback_buttons(draft: Draft, article: str) -> tuple[Button, ...]:
    """Did this help, and the way to a person: shown small."""
    say = draft.text
    return (
        Button(say("button.helped"), f"helped:{article}", quiet=True),
        Button(say("button.unhelped"), f"unhelped:{article}", quiet=True),
        Button(say("button.ask_person"), "cmd:handover", quiet=True),
    )


def more_on(draft: Draft, step: Step) -> tuple[Button, ...]:
    """The articles written for a question of the form, as buttons."""
    values = draft.journey.values
    found = draft.world.knowledge.at_step(
        step.key,
        draft.case.locale,
        province=values.get("province"),
        subject_kind=values.get("subject_kind"),
    )
    return tuple(Button(one.title, f"article:{one.id}") for one in found[:_OFFERED])


def offer(draft: Draft, question: str, suggestions: Iterable[Suggestion]) -> None:
    """Ask which of some articles is meant."""
    buttons = [Button(one.title, f"article:{one.id}") for one in suggestions]
    buttons.append(draft.button(NONE_OF_THESE, "none_of_these"))
    draft.say(ReplyKind.ANSWER, "message.clarify", buttons=tuple(buttons))
    count(draft, Route.CLARIFY)
    draft.attend(question=without_names(draft, question), told_at=None)


def none_of_these(draft: Draft) -> None:
    """What was offered is not what was asked for."""
    if draft.attention.told_at is None and draft.attention.question:
        _keep(draft, draft.attention.question, Route.CLARIFY, helped=False)
        draft.attend(question=None)
    _say_unknown(draft)


def pass_over(draft: Draft, button: str | None) -> None:
    """Keep a question whose offered articles were looked past."""
    attention = draft.attention
    if attention.told_at is not None or not attention.question:
        return
    if button is not None and button.partition(":")[0] in ("article", NONE_OF_THESE):
        return
    _keep(draft, attention.question, Route.CLARIFY)
    draft.attend(question=None)


def dont_know(draft: Draft, question: str) -> None:
    """Say so, offer a person, and keep the question for whoever writes the articles."""
    keep_unknown(draft, question)
    _say_unknown(draft)


def keep_unknown(draft: Draft, question: str) -> None:
    """Keep a question without an answer for whoever writes the articles."""
    _keep(draft, without_names(draft, question), Route.FALLBACK)
    count(draft, Route.FALLBACK)


def dont_know_of(draft: Draft, question: str) -> None:
    """Say of one of several questions that it is open; the others were answered."""
    words = without_names(draft, question)
    _keep(draft, words, Route.FALLBACK)
    count(draft, Route.FALLBACK)
    draft.say(
        ReplyKind.ANSWER,
        "message.unanswered",
        said=words,
        buttons=(draft.button("cmd:handover", "person"),),
    )


def count(draft: Draft, route: Route) -> None:
    """Note how a question was dealt with: the number, nothing of the question."""
    if not _declines(draft):
        draft.routes.append(route.value)


def helped(draft: Draft, article: str) -> None:
    """Thank for a good word."""
    _vote(draft, article, helped=True)
    draft.notice("message.helped")


def unhelped(draft: Draft, article: str) -> None:
    """An answer missed the point: offer what is near it, and a person."""
    _vote(draft, article, helped=False)
    near = draft.world.knowledge.near(article, draft.case.locale)[:_OFFERED]
    buttons = [Button(one.title, f"article:{one.id}") for one in near]
    draft.say(
        ReplyKind.ANSWER,
        "message.unhelped",
        buttons=(*buttons, draft.button("cmd:handover", "person")),
    )


def without_names(draft: Draft, question: str) -> str:
    """A question without what tells who asked it."""
    return masked(question, draft.flow, draft.context)


def _vote(draft: Draft, article: str, *, helped: bool) -> None:
    """Keep the judgement, once for each time the article was told."""
    attention = draft.attention
    if attention.topic == article:
        if attention.told_at is None:
            return
        draft.attend(told_at=None, question=None)
        question = attention.question
    else:
        question = None  # a button of long ago
    title = draft.world.knowledge.title(article, draft.case.locale)
    if question or title:
        _keep(draft, question or title or "", Route.ANSWER, helped=helped, article=article)


def _say_unknown(draft: Draft) -> None:
    draft.say(
        ReplyKind.ANSWER,
        "message.dont_know",
        buttons=(draft.button("cmd:handover", "person"),),
    )


def _keep(
    draft: Draft,
    text: str,
    route: Route,
    *,
    helped: bool | None = None,
    article: str | None = None,
) -> None:
    if not text or _declines(draft):
        return
    asked = asked_by(draft, text)
    draft.questions.append(
        Question(
            text=text,
            route=route.value,
            locale=asked.locale,
            helped=helped,
            article=article,
            province=asked.province,
            subject_kind=asked.subject_kind,
            filing_kind=draft.journey.values.get("filing_kind"),
            stage=asked.stage,
            step=asked.step,
        )
    )


def _declines(draft: Draft) -> bool:
    """Whether this person was told that nothing is collected, and is not to be."""
    withheld = draft.withheld
    return withheld is not None and withheld.consent == PROCESSING
