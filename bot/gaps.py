"""Gaps in the knowledge: `beian knowledge gaps` and `beian knowledge answered`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.clock import real_clock
from bot.settings import Settings
from bot.wiring import Program, open_program
from dialogs.late_answers import Told, answer_late
from dialogs.ports import StoredQuestion
from dialogs.world import SHANGHAI
from knowledge.gaps import Gap, Miss, find_gaps
from knowledge.toml_reader import LOCALES


async def list_gaps(settings: Settings, since: datetime | None) -> list[dict[str, Any]]:
    """What the articles do not answer, as data, the most asked first."""
    async with open_program(settings, real_clock) as program:
        asked = await program.stores.questions.unanswered(since)
        votes = await program.stores.questions.votes()
        by_number = {one.number: one for one in asked}
        return [
            _as_data(gap, [by_number[number] for number in gap.numbers], votes, program)
            for gap in _gaps(program, asked)
        ]


async def answer_gap(settings: Settings, number: int, article: str) -> Told | None:
    """Tell an article to everybody who asked a question of a gap; None if there is no such gap.

    A gap is known by the number of any of its questions. Raises LookupError for an unknown
    article.
    """
    async with open_program(settings, real_clock) as program:
        asked = await program.stores.questions.unanswered()
        for gap in _gaps(program, asked):
            if number in gap.numbers:
                questions = [one for one in asked if one.number in gap.numbers]
                return await answer_late(
                    program.assistant, program.stores.questions, questions, article
                )
        return None


def gap_as_text(data: Mapping[str, Any]) -> str:
    """A gap in a few lines for a terminal."""
    first, *others = data["samples"]
    lines = [
        f"G{data['gap']}  asked {data['count']} x by {data['people']}, last {data['last'][:10]}"
    ]
    lines.append(f"  {first}")
    lines += [f"  {one}" for one in others]
    for what in ("nearest", "told"):
        article = data[what]
        if article is not None:
            votes = f"helped {article['helped']}, did not help {article['unhelped']}"
            lines.append(f"  {what}: {article['id']} ({article['title']}; {votes})")
    return "\n".join(lines)


def _gaps(program: Program, asked: Sequence[StoredQuestion]) -> tuple[Gap, ...]:
    knowledge = program.world.knowledge
    return find_gaps(
        (
            Miss(one.number, one.question.text, one.question.locale, one.question.article)
            for one in asked
        ),
        {locale: knowledge.articles(locale) for locale in LOCALES},
    )


def _as_data(
    gap: Gap,
    asked: Sequence[StoredQuestion],
    votes: Mapping[str, tuple[int, int]],
    program: Program,
) -> dict[str, Any]:
    def article(some_id: str | None) -> dict[str, Any] | None:
        if some_id is None:
            return None
        helped, unhelped = votes.get(some_id, (0, 0))
        title = program.world.knowledge.title(some_id, gap.locale)
        return {"id": some_id, "title": title or "", "helped": helped, "unhelped": unhelped}

    def counted(field: str) -> dict[str, int]:
        values = (getattr(one.question, field) for one in asked)
        return dict(Counter(value for value in values if value is not None).most_common())

    return {
        "gap": gap.name,
        "count": len(asked),
        "people": len({one.identity for one in asked}),
        "locale": gap.locale,
        "first": asked[0].at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "last": asked[-1].at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
        "samples": list(gap.samples),
        "nearest": article(gap.nearest),
        "told": article(gap.told),
        "routes": counted("route"),
        "provinces": counted("province"),
        "subject_kinds": counted("subject_kind"),
        "filing_kinds": counted("filing_kind"),
        "stages": counted("stage"),
        "steps": counted("step"),
    }
