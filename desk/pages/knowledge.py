"""What a colleague looks up while writing: articles to insert, canned texts filled in."""

from typing import Annotated, Any

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from desk.conversations import facts_for
from desk.pages.conversation import found
from desk.permissions import Action
from desk.refusals import Refusal
from desk.visits import Visit, may
from dialogs.world import day_of
from knowledge.answering import Asked, Citation

router = APIRouter()


@router.get("/conversations/{conversation}/knowledge")
async def search(
    conversation: str,
    visit: Annotated[Visit, may(Action.SEE_CONVERSATION)],
    q: str = "",
    article: str = "",
) -> Response:
    """Answers to a question, or one article, told for this applicant and in their language."""
    opened = await found(visit, conversation)
    values = opened.overview.standing.journey.values
    knowledge = visit.parts.world.knowledge
    locale, today = opened.case.locale, day_of(visit.now)
    who = {"province": values.get("province"), "subject_kind": values.get("subject_kind")}
    if article:
        told = knowledge.tell(article, locale=locale, on=today, **who)
        if told is None:
            raise Refusal(404, "not_found")
        title = knowledge.title(article, locale) or article
        answers = [_answer(article, title, told.text, told.citations)]
        near = knowledge.near(article, locale)
        return JSONResponse({"answers": answers, "more": [_suggestion(one) for one in near]})
    if not q.strip():
        return JSONResponse({"answers": [], "more": []})
    asked = Asked(
        q.strip()[:400],
        locale,
        today,
        stage=opened.overview.standing.stage.stage.value,
        step=opened.overview.standing.asking,
        **who,
    )
    result = knowledge.answer(asked)
    answers = []
    if result.text and result.article is not None:
        title = knowledge.title(result.article, locale) or result.article
        answers = [_answer(result.article, title, result.text, result.citations)]
    return JSONResponse(
        {"answers": answers, "more": [_suggestion(one) for one in result.suggestions]}
    )


@router.get("/conversations/{conversation}/canned/{text}")
async def fill(
    conversation: str, text: str, visit: Annotated[Visit, may(Action.SEE_CONVERSATION)]
) -> Response:
    """A canned text with what is known of this case; what is missing is named."""
    opened = await found(visit, conversation)
    facts = facts_for(opened, visit.agent, visit.parts)
    try:
        filled = visit.parts.helping.canned.fill(text, opened.case.locale, facts)
    except KeyError:
        raise Refusal(404, "not_found") from None
    return JSONResponse({"text": filled.text, "missing": filled.missing})


def _answer(article: str, title: str, text: str, citations: tuple[Citation, ...]) -> dict[str, Any]:
    cited = [{"title": one.title, "url": one.url, "as_of": one.as_of} for one in citations]
    return {"article": article, "title": title, "text": text, "citations": cited}


def _suggestion(one: Any) -> dict[str, str]:
    return {"article": one.id, "title": one.title}
