"""Letters ready to sign: handed out filled in, or what must be known first."""

from dataclasses import replace

from dialogs.granting import FORM_LIFE, LETTER
from dialogs.message import Button, LetterFile, OutgoingFile, Reply, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.turn.letter_values import by_hand, letter_values, unknown
from dialogs.turn.papers import collects, papers
from dialogs.understanding.letter_requests import LetterRequest, letter_request
from filing.letters.values import step_for
from filing.materials.material import MaterialKind
from knowledge.letter_book import LetterForm


def hear_letter(draft: Draft, text: str) -> bool:
    """Hand out the letter a message asks for; False if it asks for none."""
    request = letter_request(text)
    if request is None or not draft.world.letters.letters:
        return False
    give(draft, request)
    return True


def press_letter(draft: Draft, what: str) -> None:
    """A button about letters: one by its key, one by its kind of material, or all."""
    book = draft.world.letters
    if what in book.letters:
        give(draft, LetterRequest((what,)))
        return
    kind = MaterialKind(what) if what in frozenset(MaterialKind) else None
    give(draft, LetterRequest(tuple(one.key for one in book.letters.values() if one.kind is kind)))


def give(draft: Draft, request: LetterRequest) -> None:
    """Hand out what is asked for: the one letter that is meant, or a choice of those."""
    if draft.case.filing is None:
        draft.say(ReplyKind.ANSWER, "letter.no_filing")
        return
    subject = draft.filing.subject
    book = draft.world.letters
    asked = [book.letters[key] for key in request.keys if key in book.letters]
    theirs = [one for one in asked if one.suits(subject.kind, subject.province)]
    if len(theirs) > 1:
        needed = needed_letters(draft)
        of_province = [one for one in theirs if len(one.provinces) == 1]
        theirs = [one for one in theirs if one in needed] or of_province or theirs
    if len(theirs) == 1:
        hand_out(draft, theirs[0])
    else:
        offer(draft, tuple(theirs), was_named=asked[0] if asked and not theirs else None)


def needed_letters(draft: Draft) -> tuple[LetterForm, ...]:
    """The letters that this filing needs, as its checklist says."""
    subject = draft.filing.subject
    kinds = {item.slot.kind for item in papers(draft)}
    suitable = draft.world.letters.suitable(subject.kind, subject.province)
    return tuple(one for one in suitable if one.kind in kinds)


def offer(
    draft: Draft, letters: tuple[LetterForm, ...] = (), was_named: LetterForm | None = None
) -> None:
    """Name some letters, or those that this filing needs and the others it could have."""
    subject = draft.filing.subject
    needed = needed_letters(draft)
    suitable = draft.world.letters.suitable(subject.kind, subject.province)
    shown = letters or (*needed, *(one for one in suitable if one not in needed))
    locale = draft.case.locale
    draft.ask_after = draft.greeted
    draft.say(
        ReplyKind.QUESTION,
        "letter.offer",
        not_theirs=was_named.title[locale] if was_named is not None else "",
        needed=_lines(draft, tuple(one for one in shown if one in needed)),
        others=_lines(draft, tuple(one for one in shown if one not in needed)),
        buttons=tuple(Button(one.title[locale], f"letter:{one.key}") for one in shown),
    )


def _lines(draft: Draft, letters: tuple[LetterForm, ...]) -> str:
    locale = draft.case.locale
    lines = (
        draft.text("letter.line", title=one.title[locale], when=one.when[locale]) for one in letters
    )
    return "\n".join(lines)


def hand_out(draft: Draft, letter: LetterForm) -> None:
    """The letter as files with how to sign it; where others keep the chat, the way to our page."""
    opened = draft.open_step
    draft.ask_after = opened is not None and not opened.closes  # the sheet stands there already
    values = letter_values(draft)
    title = letter.title[draft.case.locale]
    lacking = unknown(letter, values)
    if lacking:
        keys = dict.fromkeys(step_for(name, draft.filing) for name in lacking)
        labels = draft.labels(key for key in keys if key in draft.flow)
        draft.say(
            ReplyKind.ANSWER, "letter.unknown", title=title, labels=labels, is_open=draft.is_open
        )
        return
    if draft.is_outside and not draft.world.has_forms:
        draft.say(
            ReplyKind.ANSWER,
            "letter.not_here",
            title=title,
            buttons=(draft.button("cmd:handover", "person"),),
        )
        return
    draft.replies.append(_handed(draft, letter, by_hand(letter, values)))
    slots = (item.slot for item in papers(draft) if item.slot.kind is letter.kind)
    if collects(draft) and (slot := next(slots, None)) is not None:
        draft.attend(paper=slot.key)  # the next picture is of it


def _handed(draft: Draft, letter: LetterForm, blanks: tuple[str, ...]) -> Reply:
    locale = draft.case.locale
    steps = enumerate(letter.sign[locale], start=1)
    comma = draft.text("message.comma")
    text = draft.text(
        "letter.handed",
        title=letter.title[locale],
        blanks=comma.join(draft.text(f"letter.value.{one}") for one in blanks),
        steps="\n".join(f"{number}. {step}" for number, step in steps),
        official=letter.official.get(locale, ""),
        collects=collects(draft),
        on_page=draft.is_outside,
        minutes=int(FORM_LIFE.total_seconds() // 60),
    )
    reply = Reply(ReplyKind.ANSWER, text, (draft.button("letter:all", "letter_others"),))
    if draft.is_outside:
        return replace(reply, form=(f"{LETTER}{letter.key}",))
    return replace(reply, files=_files(draft, letter))


def _files(draft: Draft, letter: LetterForm) -> tuple[OutgoingFile, ...]:
    filing = draft.case.filing
    assert filing is not None
    name = letter.title["zh-CN"]
    return (
        OutgoingFile(f"{name}.docx", letter=LetterFile(filing.id, letter.key, "docx")),
        OutgoingFile(f"{name}.pdf", letter=LetterFile(filing.id, letter.key, "pdf")),
    )
