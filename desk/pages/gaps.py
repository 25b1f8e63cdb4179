"""What the articles do not answer, and writing the article that does."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.requests import Request
from starlette.responses import Response

from desk.deeds import Deed
from desk.gaps.article_file import ArticleFields, lines_of, read_fields, words_of
from desk.gaps.editing import BadName, ChangedMeanwhile, OwnArticle
from desk.gaps.ports import ArticleDraft, DraftStatus
from desk.gaps.shelf import NoFolder, NotSound
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may

router = APIRouter()

_SHOWN = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

DraftId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
LIMITS = ("province", "subject_kind", "filing_kind", "stage")


@router.get("/gaps")
async def show(visit: Annotated[Visit, may(Action.SUPERVISE)]) -> Response:
    """Gaps, articles being written, articles put up lately."""
    gaps = visit.parts.gaps
    found = await gaps.list()
    knowledge = visit.parts.world.knowledge
    return visit.page(
        "gaps.html",
        gaps=found[:_SHOWN],
        count=len(found),
        drafts=await gaps.drafts.open(),
        published=await gaps.drafts.published(),
        names=await _names(visit),
        title_of=lambda article: knowledge.title(article, visit.locale) or article,
        is_open=gaps.shelf.is_open,
        province=lambda name: visit.parts.world.wording.label("province", name, visit.locale),
    )


@router.post("/gaps/{gap}/draft")
async def begin(
    gap: int,
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    article: Annotated[str, Form(max_length=80)] = "",
) -> Response:
    """Start an article for a gap."""
    try:
        draft = await visit.parts.gaps.begin(visit.agent, gap, article.strip())
    except BadName:
        raise Refusal(422, "article_name") from None
    if draft is None:
        raise Refusal(404, "gap_gone")
    return visit.go(f"/articles/{draft.id}")


@router.get("/articles/{draft}")
async def edit(draft: DraftId, visit: Annotated[Visit, may(Action.SUPERVISE)]) -> Response:
    """An article being written: its fields, what is wrong with it, how it would be told."""
    found = await _draft(visit, draft)
    gaps = visit.parts.gaps
    looked = await gaps.look(found)
    asked = [one for one in await gaps.questions.unanswered() if one.number in set(found.questions)]
    return visit.page(
        "article.html",
        draft=found,
        fields=read_fields(found.text),
        looked=looked,
        asked=asked,
        topics=gaps.shelf.topics(visit.locale),
        sources=sorted(gaps.shelf.sources().items()),
        limits=LIMITS,
        names=await _names(visit),
        is_open=gaps.shelf.is_open,
        is_own=found.author == visit.agent.id,
        may_approve=_may_approve(visit, found),
    )


@router.post("/articles/{draft}")
async def save(
    draft: DraftId,
    request: Request,
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    version: Annotated[int, Form()] = 0,
    title: Annotated[str, Form(max_length=200)] = "",
    topic: Annotated[str, Form(max_length=60)] = "",
    ask: Annotated[str, Form(max_length=8000)] = "",
    related: Annotated[str, Form(max_length=2000)] = "",
    steps: Annotated[str, Form(max_length=2000)] = "",
    body: Annotated[str, Form(max_length=20000)] = "",
    then: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Keep what was written; with ``then=submit`` ask a second person to read it."""
    found = await _draft(visit, draft, version)
    form = await request.form()
    fields = ArticleFields(
        title=title,
        topic=topic,
        ask=lines_of(ask),
        sources=tuple(str(one) for one in form.getlist("sources")),
        related=words_of(related),
        steps=words_of(steps),
        limits={name: words_of(str(form.get(name, ""))) for name in LIMITS},
        body=body,
    )
    submits = then == "submit"
    try:
        saved = await visit.parts.gaps.save(visit.agent, found, fields, submit=submits)
    except ChangedMeanwhile:
        raise Refusal(409, "article_changed") from None
    await visit.record(Deed.ARTICLE_WRITTEN, f"article:{saved.article}", status=saved.status.value)
    return visit.go(f"/articles/{draft}", f"gaps.{'submitted' if submits else 'saved'}")


@router.post("/articles/{draft}/decide")
async def decide(
    draft: DraftId,
    visit: Annotated[Visit, may(Action.SUPERVISE)],
    version: Annotated[int, Form()] = 0,
    what: Annotated[str, Form(max_length=20)] = "",
    note: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """A second person approves, sends back or drops an article."""
    found = await _draft(visit, draft, version)
    gaps, about = visit.parts.gaps, f"article:{found.article}"
    try:
        if what == "approve":
            gaps.check_may_approve(visit.agent, found)
            await visit.record(Deed.GAP_ANSWERED, about, questions=str(len(found.questions)))
            told = await gaps.approve(visit.agent, found)
            return visit.go("/gaps", "gaps.published", now=told.now, later=told.later)
        if what == "return":
            await visit.record(Deed.ARTICLE_DECIDED, about, status="returned")
            await gaps.send_back(visit.agent, found, _CONTROL.sub("", note).strip())
            return visit.go("/gaps", "gaps.returned")
        if what == "drop":
            await visit.record(Deed.ARTICLE_DECIDED, about, status="dropped")
            await gaps.drop(visit.agent, found)
            return visit.go("/gaps", "gaps.dropped")
    except OwnArticle:
        raise Refusal(403, "own_article") from None
    except ChangedMeanwhile:
        raise Refusal(409, "article_changed") from None
    except NoFolder:
        raise Refusal(409, "no_article_folder") from None
    except NotSound as error:
        raise Refusal(422, "article_wrong", problem=str(error.problems[0])) from None
    raise Refusal(422, "bad_request")


@router.post("/articles/{draft}/tell")
async def tell(draft: DraftId, visit: Annotated[Visit, may(Action.SUPERVISE)]) -> Response:
    """Tell a published article to those who could not be told when it was put up."""
    found = await visit.parts.gaps.drafts.find(draft)
    if found is None or found.status is not DraftStatus.PUBLISHED:
        raise Refusal(404, "not_found")
    await visit.record(Deed.GAP_ANSWERED, f"article:{found.article}", again="yes")
    told = await visit.parts.gaps.tell(found)
    return visit.go("/gaps", "gaps.told", now=told.now, later=told.later)


async def _draft(visit: Visit, draft_id: str, version: int | None = None) -> ArticleDraft:
    """A draft that may still be changed, as it was read."""
    found = await visit.parts.gaps.drafts.find(draft_id)
    if found is None or not found.status.is_open:
        raise Refusal(404, "not_found")
    if version is not None and version != found.version:
        raise Refusal(409, "article_changed")
    return found


def _may_approve(visit: Visit, draft: ArticleDraft) -> bool:
    try:
        visit.parts.gaps.check_may_approve(visit.agent, draft)
    except OwnArticle:
        return False
    return True


async def _names(visit: Visit) -> dict[str, str]:
    return {one.id: one.shown_as for one in await visit.parts.agents.everyone()}
