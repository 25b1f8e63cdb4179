"""From a gap to an article: drafted, read by a second person, put up, told to who had asked."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from secrets import token_urlsafe

from desk.gaps.article_file import NAME, ArticleFields
from desk.gaps.ports import ArticleDraft, ArticleDrafts, DraftStatus
from desk.gaps.shelf import Looked, NotSound, Shelf
from desk.staff import Agent, Role
from dialogs.assistant import Assistant
from dialogs.late_answers import Told, answer_late
from dialogs.ports import Questions, StoredQuestion
from dialogs.world import day_of
from knowledge.gaps import Gap, Miss, find_gaps
from knowledge.toml_reader import LOCALES


class OwnArticle(Exception):
    """Whoever wrote an article cannot be the one who approves it."""


class ChangedMeanwhile(Exception):
    """The draft is no longer as it was read."""


class BadName(ValueError):
    """An article cannot be called that."""


@dataclass(frozen=True, slots=True)
class OpenGap:
    """A gap with what is known of it. ``votes`` of the article told in vain: good, bad."""

    gap: Gap
    asked: tuple[StoredQuestion, ...]
    people: int
    provinces: Mapping[str, int]
    votes: tuple[int, int]
    draft: ArticleDraft | None

    @property
    def last(self) -> datetime:
        """When it was asked last."""
        return self.asked[-1].at


@dataclass(frozen=True, slots=True)
class Gaps:
    """The use cases behind the pages."""

    questions: Questions
    drafts: ArticleDrafts
    shelf: Shelf
    assistant: Assistant
    clock: Callable[[], datetime]
    _found: list[tuple[object, Sequence[Gap]]] = field(default_factory=list)  # the last answer

    async def list(self) -> Sequence[OpenGap]:
        """What the articles do not answer, the most asked first."""
        asked = await self.questions.unanswered()
        gaps = await asyncio.to_thread(self._find, asked)
        votes = await self.questions.votes()
        drafts = {number: one for one in await self.drafts.open() for number in one.questions}
        by_number = {one.number: one for one in asked}
        found = []
        for gap in gaps:
            those = tuple(by_number[number] for number in gap.numbers)
            provinces = Counter(one.question.province for one in those if one.question.province)
            found.append(
                OpenGap(
                    gap,
                    those,
                    len({one.identity for one in those}),
                    dict(provinces.most_common(3)),
                    votes.get(gap.told or "", (0, 0)),
                    next((drafts[n] for n in gap.numbers if n in drafts), None),
                )
            )
        return found

    async def begin(self, agent: Agent, gap_name: int, article: str) -> ArticleDraft | None:
        """Start an article for a gap: a new one, or a change of one there is.

        None if there is no such gap any more. Raises BadName.
        """
        if NAME.fullmatch(article) is None:
            raise BadName(article)
        found = next((one for one in await self.list() if one.gap.name == gap_name), None)
        if found is None:
            return None
        if found.draft is not None:
            return found.draft
        now, gap = self.clock(), found.gap
        text = self.shelf.existing(article, gap.locale)
        if text is None:
            title, *others = gap.samples
            text = ArticleFields(title=title, ask=tuple(others)).as_file(day_of(now))
        draft = ArticleDraft(
            token_urlsafe(9),
            1,
            gap.locale,
            article,
            text,
            gap.numbers,
            DraftStatus.DRAFT,
            agent.id,
            now,
        )
        await self.drafts.put(draft)
        return draft

    async def save(
        self, agent: Agent, draft: ArticleDraft, fields: ArticleFields, *, submit: bool
    ) -> ArticleDraft:
        """Keep what was written; ``submit`` asks a second person to read it.

        Raises ChangedMeanwhile.
        """
        now = self.clock()
        status = DraftStatus.SUBMITTED if submit else DraftStatus.DRAFT
        return await self._put(
            replace(
                draft,
                version=draft.version + 1,
                text=fields.as_file(day_of(now)),
                status=status,
                author=agent.id,
                changed_at=now,
                note="" if submit else draft.note,
            )
        )

    async def send_back(self, agent: Agent, draft: ArticleDraft, note: str) -> ArticleDraft:
        """Say what should be changed. Raises ChangedMeanwhile."""
        return await self._decide(agent, draft, DraftStatus.RETURNED, note)

    async def drop(self, agent: Agent, draft: ArticleDraft) -> ArticleDraft:
        """Nobody wants it any more. Raises ChangedMeanwhile."""
        return await self._decide(agent, draft, DraftStatus.DROPPED, draft.note)

    def check_may_approve(self, agent: Agent, draft: ArticleDraft) -> None:
        """Raise OwnArticle unless a second person, or an admin, approves."""
        if draft.author == agent.id and agent.role is not Role.ADMIN:
            raise OwnArticle

    async def approve(self, agent: Agent, draft: ArticleDraft) -> Told:
        """Put the article up and tell it to everybody who had asked.

        Raises OwnArticle, ChangedMeanwhile, NoFolder or NotSound; then nothing was put up.
        """
        self.check_may_approve(agent, draft)
        known = await self.drafts.find(draft.id)
        if known is None or known.version != draft.version or not known.status.is_open:
            raise ChangedMeanwhile
        on = day_of(self.clock())
        await asyncio.to_thread(self.shelf.put_up, draft.article, draft.locale, draft.text, on)
        published = await self._decide(agent, draft, DraftStatus.PUBLISHED, draft.note)
        return await self.tell(published)

    async def tell(self, draft: ArticleDraft) -> Told:
        """Tell a published article to those who had asked and were not told yet."""
        numbers = set(draft.questions)
        asked = [one for one in await self.questions.unanswered() if one.number in numbers]
        return await answer_late(self.assistant, self.questions, asked, draft.article)

    async def look(self, draft: ArticleDraft) -> Looked:
        """Whether it would be sound among the others, and how it would be told."""
        on = day_of(self.clock())
        try:
            return await asyncio.to_thread(
                self.shelf.look, draft.article, draft.locale, draft.text, on
            )
        except NotSound as error:
            return Looked(error.problems)

    async def _decide(
        self, agent: Agent, draft: ArticleDraft, status: DraftStatus, note: str
    ) -> ArticleDraft:
        now = self.clock()
        return await self._put(
            replace(
                draft,
                version=draft.version + 1,
                status=status,
                changed_at=now,
                reviewer=agent.id,
                reviewed_at=now,
                note=note,
            )
        )

    async def _put(self, draft: ArticleDraft) -> ArticleDraft:
        if not await self.drafts.put(draft):
            raise ChangedMeanwhile
        return draft

    def _find(self, asked: Sequence[StoredQuestion]) -> Sequence[Gap]:
        """The gaps; found again only for other questions or other articles."""
        knowledge = self.shelf.world.knowledge
        articles = {locale: knowledge.articles(locale) for locale in LOCALES}
        key = ([one.number for one in asked], [id(one) for one in articles.values()])
        if not self._found or self._found[0][0] != key:
            misses = (
                Miss(one.number, one.question.text, one.question.locale, one.question.article)
                for one in asked
            )
            self._found[:] = [(key, find_gaps(misses, articles))]
        return self._found[0][1]
