"""A message taken apart: the sentences that ask, and what is said around them."""

import re
from dataclasses import dataclass
from typing import Final

from knowledge.reading import plain

MOST_QUESTIONS: Final = 4
"""Questions of one message that are answered; further ones are left to the next."""

_END = re.compile(r"[。!！?？;；\n~～…]+|(?<=[a-z])\.(?=\s|$)|(?<=[a-z)])\s*--+\s*")
_PAUSE = re.compile(r"[,，、]+|\s(?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff])\s")
_ASKS = re.compile(
    r"[?？]|[吗么呢]$|吗[,，。\s]|什么|啥|怎么|怎样|咋|如何|多久|多少|几[天个年月次张步岁点号兆]|哪|谁|为何|为什么|"
    r"是不是|能不能|可不可以|要不要|用不用|行不行|有没有|会不会|需不需要|该不该|算不算|对不对|好不好|"
    r"(.)不\1|可以不$|行不$|能不$|不$|是否|能否|可否|有无|"
    r"^(?:and |or |also )?(?:what|how|why|when|where|which|who|whose|can|could|do|does|did|is|are|"
    r"should|may|must|will|would|am)\b|"
    r"\b(?:how (?:long|much|many|do|can|to)|what if|do i need|can i|should i|"
    r"wondering|tell me|is it|need to know)\b"
)
_SHORT: Final = 4  # characters of a clause that cannot stand for itself
_PLAIN_LENGTH: Final = 7  # a message up to this long is one question


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a message; ``around`` is the rest of it."""

    text: str
    around: str = ""


def questions(message: str) -> tuple[Question, ...]:
    """The questions of a message in their order; the whole message where none stands out."""
    text = message.strip()
    if len(text) <= _PLAIN_LENGTH:
        return (Question(text),)
    clauses = [part for part in _clauses(text) if plain(part)]
    asking = [clause for clause in clauses if _ASKS.search(plain(clause))]
    if not asking or len(clauses) == 1:
        return (Question(text),)
    found = []
    for clause in asking[:MOST_QUESTIONS]:
        around = " ".join(other for other in clauses if other is not clause)
        found.append(Question(clause, around))
    return tuple(found)


def _clauses(text: str) -> list[str]:
    """Sentences and their parts; a part too short to say anything stays with the next one."""
    found: list[str] = []
    for sentence in _kept(_END, text):
        held = ""
        for part in _kept(_PAUSE, sentence):
            held = f"{held}，{part}" if held else part
            if len(plain(held)) > _SHORT:
                found.append(held)
                held = ""
        if held:
            if found and len(plain(held)) <= _SHORT and not _ASKS.search(plain(held)):
                found[-1] = f"{found[-1]}，{held}"
            else:
                found.append(held)
    return found


def _kept(marks: re.Pattern[str], text: str) -> list[str]:
    """The pieces between marks; one that asks keeps its question mark."""
    pieces, begin = [], 0
    for match in marks.finditer(text):
        ends = match.end() if "?" in match.group() or "？" in match.group() else match.start()
        pieces.append(text[begin:ends].strip())
        begin = match.end()
    pieces.append(text[begin:].strip())
    return [piece for piece in pieces if piece]
