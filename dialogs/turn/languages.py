"""In which language a conversation is held: that of the first sentence, then as they wish."""

from dialogs.message import Button, Reply, ReplyKind
from dialogs.turn.draft import Draft
from dialogs.understanding.languages import language_of
from dialogs.understanding.understood import Intent, Understood

_GIVES_VALUES = frozenset({Intent.ANSWER, Intent.CORRECT})


def begin(draft: Draft, text: str | None) -> None:
    """Speak the language of the first sentence, whatever the phone is set to."""
    locale = language_of(text or "")
    if locale not in (None, draft.case.locale):
        draft.speak(locale)
        draft.began_in = locale


def say_begun(draft: Draft) -> None:
    """Say, after the welcome, how to go on in the language that was not taken."""
    if draft.began_in is not None:
        draft.notice("message.began_in")


def offer(draft: Draft, read: Understood, text: str) -> None:
    """Offer once to go on in the language somebody writes in.

    Chinese counts only where it is no value: names and addresses are Chinese in any language.
    """
    locale = language_of(text)
    if locale in (None, draft.case.locale, draft.attention.offered_locale):
        return
    if locale == "zh-CN" and read.intent in _GIVES_VALUES:
        return
    draft.attend(offered_locale=locale)
    say = draft.world.wording.say
    button = Button(say("button.this_language", locale), f"locale:{locale}")
    words = say("message.offer_language", locale)
    draft.replies.append(Reply(ReplyKind.NOTICE, words, (button,)))
