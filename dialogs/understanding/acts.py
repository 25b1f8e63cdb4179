"""Commands, yes and no, small talk and refusals: messages that mean something as a whole."""

import re
from functools import lru_cache

from dialogs.understanding.lexicon import lexicon
from dialogs.understanding.reading import Clause, Message, bare_forms
from dialogs.understanding.understood import Intent, Understood
from dialogs.understanding.words import Phrases, Saying

_HAN_ONLY = re.compile(r"[\u4e00-\u9fff]{2,}")
_SETTLING = frozenset({Intent.CONFIRM, Intent.DENY})
_ASKING = re.compile(r"[吗么嗎?？]\s*$")
_LACKING = re.compile("没|无|不|拒|跳|略|冇|木|have|no|n/?a|without")


def command(message: Message) -> Understood | None:
    """A command that is the whole message, or that decides wherever it stands."""
    phrases = lexicon().commands
    said = _whole(message.forms, phrases)
    if said is None and not message.shapes:
        said = _within(message.plain, phrases)
    if said is not None and said.intent is Intent.PAUSE and _ASKING.search(message.text):
        return None
    return _understood(said)


def command_in_passing(message: Message) -> Understood | None:
    """A command, else an act, that is one clause of a message that says nothing else."""
    words = lexicon()
    apart = [piece for clause in message.clauses for piece in clause.plain.split()]
    pieces = [bare_forms(piece) for piece in apart if _HAN_ONLY.fullmatch(piece)]
    if message.question is not None or message.shapes:
        pieces = []
    whole = [
        clause.forms
        for clause in message.clauses
        if clause is message.clauses[-1] or not words.leading.fullmatch(clause.plain.strip())
    ]
    for phrases in (words.commands, words.acts):
        for forms in (*reversed(whole), *reversed(pieces)):
            said = _whole(forms, phrases)
            if said is not None:
                return _understood(said)
    return None


def act(message: Message) -> Understood | None:
    """Yes, no, help or why, said with the whole message or with a sign."""
    phrases = lexicon().acts
    if message.silent():
        return _understood(_sign(message, phrases))
    said = _whole(message.forms, phrases)
    if said is not None and said.intent in _SETTLING and _ASKING.search(message.text):
        return None
    return _understood(said)


def smalltalk(message: Message) -> Understood | None:
    """A greeting, thanks, a farewell or a remark about the assistant."""
    phrases = lexicon().smalltalk
    if message.silent():
        return _understood(_sign(message, phrases))
    said = _whole(message.forms, phrases)
    if said is None and len(message.clauses) > 1:
        each = [_whole(clause.forms, phrases) for clause in message.clauses]
        said = each[-1] if all(each) else None
    return _understood(said)


def smalltalk_in_passing(message: Message) -> Understood | None:
    """Small talk in the last clause that holds any."""
    for clause in reversed(message.clauses):
        said = _whole(clause.forms, lexicon().smalltalk)
        if said is not None:
            return _understood(said)
    return None


def verdict(message: Message) -> Understood | None:
    """Whether an answer helped, said with the whole message."""
    if message.shapes or _ASKING.search(message.text):
        return None
    return _understood(_whole(message.forms, lexicon().verdicts))


def may_refuse(message: Message) -> bool:
    """Whether a message holds no value and some word of lacking or declining."""
    asks = message.question is not None or _ASKING.search(message.text) is not None
    return not message.shapes and not asks and _LACKING.search(message.plain) is not None


def refusal(
    message: Message, open_words: tuple[str, ...], steps: tuple[tuple[str, str], ...]
) -> Understood | None:
    """Having none of what is asked (skip), or not wanting to say it (deny).

    ``open_words`` are the words of the open step; ``steps`` the steps named, with the words
    used: 没有座机 skips 座机 even while something else is asked.
    """
    target = steps[0][0] if steps else None
    words = tuple(word for _, word in steps) + open_words
    lacking, declining = _refusals(words)
    for clause in message.clauses:
        for form in clause.forms:
            if lacking.fullmatch(form):
                return Understood(Intent.SKIP, target=target)
            if declining.fullmatch(form):
                return Understood(Intent.DENY, target=target)
    return None


@lru_cache(maxsize=512)
def _refusals(words: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    lexis = lexicon()
    blank = "|".join(re.escape(word.replace(" ", "")) for word in words)
    blank = rf"(?:{blank})" if blank else r"(?!)"
    return (
        re.compile(lexis.lacking.replace(" ", "").replace("{label}", blank)),
        re.compile(lexis.declining.replace(" ", "").replace("{label}", rf"{blank}?")),
    )


def is_whole_saying(clause: Clause) -> bool:
    """Whether a clause is a command, an act or small talk and so cannot be a value."""
    words = lexicon()
    return any(
        _whole(clause.forms, phrases) is not None
        for phrases in (words.commands, words.acts, words.smalltalk)
    )


def is_saying(word: str) -> bool:
    """Whether one word is a command, an act or small talk."""
    words = lexicon()
    return any(word in group.say for group in (words.commands, words.acts, words.smalltalk))


def _whole(forms: tuple[str, ...], phrases: Phrases) -> Saying | None:
    for form in forms:
        said = phrases.say.get(form)
        if said is not None:
            return said
    for form in forms:
        found = phrases.like.fullmatch(form)
        if found and found.lastgroup:
            return phrases.liked[found.lastgroup]
    return None


def _within(plain: str, phrases: Phrases) -> Saying | None:
    for saying, pattern in phrases.within:
        if pattern.search(plain):
            return saying
    return None


def _sign(message: Message, phrases: Phrases) -> Saying | None:
    for sign, saying in phrases.emoji.items():
        if sign in message.text:
            return saying
    return None


def _understood(said: Saying | None) -> Understood | None:
    return None if said is None else Understood(said.intent, detail=said.detail)
