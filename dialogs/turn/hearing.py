"""What to do with a text: read it, then answer, correct, explain or fetch a person."""

from collections.abc import Mapping

from dialogs import vocabulary
from dialogs.flow import Step
from dialogs.message import ReplyKind
from dialogs.turn import duties, insisting, languages, linking, proposals, rating, reaching, waiting
from dialogs.turn.answering import accept, correct, fail
from dialogs.turn.asking import remembered, suggestion, variables
from dialogs.turn.collecting import hear_letter_of_paper, hear_paper
from dialogs.turn.commands import COMMANDS, explain_step, not_understood, switch_locale, typed_label
from dialogs.turn.deciding import say_locked
from dialogs.turn.draft import Draft
from dialogs.turn.filings import decide
from dialogs.turn.filling import hear_picture
from dialogs.turn.footers import hear_footer, hear_label
from dialogs.turn.guides import hear_guide, open_guide, resume_guide
from dialogs.turn.letters import hear_letter
from dialogs.turn.moving import back, edit, forward
from dialogs.turn.reading_back import REPORT
from dialogs.turn.reporting import hear_report, hear_report_after_all
from dialogs.turn.returning import is_gone_over, keep_as_it_was, keeps_it, without_change_words
from dialogs.turn.reviewing import hand_in
from dialogs.turn.sensitive import keep_out
from dialogs.turn.stages import say_stage
from dialogs.turn.telling import (
    asked_by,
    count,
    dont_know,
    dont_know_of,
    helped,
    keep_unknown,
    offer,
    tell,
    unhelped,
    without_names,
)
from dialogs.understanding import understand
from dialogs.understanding.footer_requests import footer_request
from dialogs.understanding.understood import Intent, Understood
from knowledge.answering import Route
from knowledge.finding import goes_on

MAX_LENGTH = 4000
"""Characters read of one message; a longer one is sent back, not cut silently."""

_GOES_ON = frozenset({Intent.ANSWER, Intent.CORRECT, Intent.CONFIRM})
_IN_PASSING = frozenset(
    {Intent.FAQ, Intent.UNKNOWN, Intent.SMALLTALK, Intent.WHY, Intent.HELP, Intent.ANSWER}
)
"""What is answered between two steps of a guide, which then goes on."""

_SAYS_NOTHING_ELSE = _GOES_ON | {Intent.UNKNOWN, Intent.DENY}


def hear(draft: Draft, text: str) -> None:
    """Take one text of the applicant."""
    refused = draft.attention.refused
    if refused is not None:
        draft.attend(refused=None)
        if insisting.hear(draft, text, refused):
            return
    if waiting.hear(draft, text) or rating.hear(draft, text):
        return
    if hear_picture(draft, text):
        return
    request = footer_request(text)
    if hear_label(draft, text) or (request is not None and hear_footer(draft, request)):
        draft.attend(pending=None)
        return
    if hear_letter_of_paper(draft, text) or hear_letter(draft, text):
        draft.attend(pending=None)
        return
    if hear_paper(draft, text):
        if draft.attention.pending not in (proposals.PROPOSAL, REPORT):
            draft.attend(pending=None)
        return
    if hear_guide(draft, text):
        return
    if len(text) > MAX_LENGTH:
        draft.say(ReplyKind.ERROR, "message.too_long", max=MAX_LENGTH)
        return
    command = typed_label(draft, text)
    if command is not None:
        draft.attend(pending=None)
        command(draft)
        return
    if duties.hear(draft, text) or linking.hear(draft, text) or reaching.hear(draft, text):
        if draft.attention.pending != REPORT:
            draft.attend(pending=None)
        return
    opened = draft.open_step
    if opened is not None and is_gone_over(draft, opened):
        text = without_change_words(text)
    read = understand(
        text,
        flow=draft.flow,
        open_step=opened,
        context=draft.context,
        pending=draft.attention.pending,
        told=draft.just_told,
    )
    if opened is not None and read.intent in _GOES_ON:
        draft.attend(paused=False)
    if read.intent is not Intent.SWITCH_LOCALE:
        languages.offer(draft, read, text)
    read = keep_out(draft, read, text)
    if not draft.delete_inbound and hear_report(draft, text, read.intent):
        return
    if opened is not None and is_gone_over(draft, opened) and keeps_it(text, read):
        keep_as_it_was(draft, opened)
        return
    if draft.is_handed_in and _means_submit(draft, text):
        draft.notice("stage.handed_in_already")
        say_stage(draft)
        return
    pending = draft.attention.pending
    if pending is not None and read.intent in (Intent.CONFIRM, Intent.DENY):
        decide(draft, yes=read.intent is Intent.CONFIRM)
        return
    if open_guide(draft) and read.intent in _IN_PASSING:
        if read.intent not in (Intent.WHY, Intent.HELP):  # then the step itself says it again
            _act(draft, read, opened, text)
        if draft.attention.pending == pending:
            resume_guide(draft)
        return
    if pending not in (proposals.PROPOSAL, REPORT):
        draft.attend(pending=None)
    if draft.delete_inbound and not read.values and read.intent in _SAYS_NOTHING_ELSE:
        return
    _act(draft, read, opened, text)


def _act(draft: Draft, read: Understood, opened: Step | None, text: str) -> None:
    target = draft.flow[read.target] if read.target and read.target in draft.flow else None
    match read.intent:
        case Intent.ANSWER:
            _answered(draft, read, opened)
        case Intent.CORRECT:
            _corrected(draft, read, opened)
        case Intent.FAQ:
            _asked(draft, read.detail or text, target)
        case Intent.CONFIRM:
            _confirmed(draft, opened, text)
        case Intent.DENY:
            _denied(draft, target, opened)
        case Intent.HELPED:
            helped(draft, draft.attention.topic or "")
        case Intent.UNHELPED:
            unhelped(draft, draft.attention.topic or "")
        case Intent.SWITCH_LOCALE:
            switch_locale(draft, read.detail or "")
        case Intent.SMALLTALK if draft.attention.topic and goes_on(text):
            _asked(draft, text, None)
        case Intent.SMALLTALK:
            if not (draft.greeted and read.detail == "hello"):
                draft.notice(f"message.smalltalk_{read.detail or 'other'}")
        case Intent.WHY | Intent.HELP if target is not None:
            explain_step(draft, target)
        case Intent.SKIP if draft.attention.pending == proposals.PROPOSAL:
            proposals.drop(draft)
        case Intent.SKIP if target is not None and target is not opened:
            explain_step(draft, target)
        case Intent.UNKNOWN:
            _unknown(draft, text)
        case _:
            COMMANDS[read.intent](draft)


def _asked(draft: Draft, question: str, about: Step | None) -> None:
    """A question: answered if it can be, else what there is to say of the item it names."""
    if answer_question(draft, question, only_sure=True, of_guide=about is None):
        return
    if about is not None and about.ask is not None:
        explain_step(draft, about)
        count(draft, Route.ANSWER)
    elif answer_question(draft, question):
        return
    elif waiting.pass_on(draft, question):
        keep_unknown(draft, question)
    else:
        dont_know(draft, question)


def _answered(draft: Draft, read: Understood, opened: Step | None) -> None:
    if _is_locked(draft):
        return
    if opened is not None and opened.closes and opened.key in read.values:
        hand_in(draft)
        return
    _take(draft, read.values, opened)
    if read.wrong is not None:
        step, wrong = read.wrong
        fail(draft, draft.flow[step], wrong=wrong)
    if read.detail:
        answer_question(draft, read.detail)


def _take(draft: Draft, values: Mapping[str, str], opened: Step | None) -> None:
    """Count the open step's value; keep every other one to be read back."""
    others = dict(values)
    if opened is not None and opened.key in others:
        value = others.pop(opened.key)
        if not draft.keeps_out(opened):
            accept(draft, opened, value)
    proposals.volunteer(draft, others)


def _corrected(draft: Draft, read: Understood, opened: Step | None) -> None:
    if _is_locked(draft):
        return
    known = draft.journey.values
    stated = {} if read.unsaid else {key: read.values[key] for key in read.values if key in known}
    correct(draft, stated)
    _take(draft, {key: read.values[key] for key in read.values if key not in stated}, opened)
    if read.wrong is not None:
        step, wrong = read.wrong
        edit(draft, step)
        fail(draft, draft.flow[step], wrong=wrong)
    elif not read.values:
        if read.target is None:
            back(draft)
        elif not proposals.leave_out(draft, read.target):
            edit(draft, read.target)


def _confirmed(draft: Draft, opened: Step | None, text: str) -> None:
    if opened is None or opened.ask is None:
        draft.notice("message.smalltalk_thanks")
        return
    if opened.closes:
        hand_in(draft)
        return
    if _means_submit(draft, text):
        _submit_too_early(draft)
        return
    is_answered = opened.key in draft.journey.values
    if is_answered and (draft.attention.focus == opened.key or is_gone_over(draft, opened)):
        forward(draft)
        return
    offered = suggestion(draft, opened)
    is_shown = remembered(draft, opened) is not None or not opened.ask.options(draft.context)
    if offered and is_shown:
        accept(draft, opened, offered)
    else:
        draft.notice("message.choose" if opened.ask.options(draft.context) else "message.say_it")


def _means_submit(draft: Draft, text: str) -> bool:
    """Whether a yes is one to handing in, such as 提交, rather than to the open question."""
    closing = next((step for step in draft.flow.steps if step.closes), None)
    if closing is None or closing.ask is None or vocabulary.read("yes_no", text) is not None:
        return False
    return isinstance(closing.ask.parse(text, draft.context), str)


def _submit_too_early(draft: Draft) -> None:
    """Say what is missing; where it is only the confirmation, leave the line gone back to."""
    current = draft.journey.current
    if current is not None and current.closes:
        draft.attend(focus=None)
    else:
        draft.notice("message.not_complete", remaining=draft.journey.remaining)


def _denied(draft: Draft, target: Step | None, opened: Step | None) -> None:
    """A no: to what was said, or to telling something at all."""
    step = target if target is not None and target.ask is not None else None
    if step is None or opened is None:
        draft.notice("message.what_instead")
        return
    draft.say(
        ReplyKind.ANSWER,
        "message.needed_all_the_same",
        label=draft.text(f"step.{step.key}.label"),
        why=draft.text(f"step.{step.key}.why", **variables(draft)),
        buttons=(draft.button("cmd:handover", "person"),),
    )


def _unknown(draft: Draft, text: str) -> None:
    if hear_report_after_all(draft, text):
        return
    if answer_question(draft, text, only_sure=True):
        return
    if draft.attention.pending == proposals.PROPOSAL:
        draft.notice("message.read_back_first")
    elif waiting.pass_on(draft, text):
        return
    elif draft.greeted and draft.open_step is not None:
        return  # nothing was asked yet: the question stands below
    elif draft.open_step is None:  # it answers nothing, so it asks or tells something
        dont_know(draft, text)
    else:
        not_understood(draft)


def _is_locked(draft: Draft) -> bool:
    if draft.is_open:
        return False
    say_locked(draft)
    return True


def answer_question(
    draft: Draft, question: str, *, only_sure: bool = False, of_guide: bool = True
) -> bool:
    """Answer from the knowledge base; False if it does not know.

    A question within a guide is taken as one about it, if ``of_guide`` and it can be.
    """
    found = draft.world.knowledge.answer(asked_by(draft, question))
    if of_guide and (about := open_guide(draft)):
        nearer = draft.world.knowledge.answer(asked_by(draft, f"{about} {question}"))
        if nearer.route is Route.ANSWER and nearer.confidence >= found.confidence:
            found = nearer
    if found.route is Route.HANDOVER:
        COMMANDS[Intent.HANDOVER](draft)
        return True
    if found.route is Route.SMALLTALK and not only_sure:
        draft.notice(f"message.smalltalk_{found.talk}")
        return True
    if found.route is Route.ANSWER and found.article is not None:
        words = without_names(draft, question)
        tell(draft, found.article, found.text, found.citations, words)
        count(draft, Route.ANSWER)
        for left in found.unanswered:
            dont_know_of(draft, left)
        return True
    if only_sure:
        return False
    if found.route is Route.CLARIFY and found.suggestions:
        offer(draft, question, found.suggestions)
        return True
    return False
