"""Questions answered from the knowledge base: the command `beian ask`."""

import json
from typing import Any

from bot.clock import real_clock
from bot.settings import Settings
from bot.world import load_world
from dialogs.world import day_of
from knowledge.answering import Asked, Found, Route

_EXAMPLE = '{"id": "1", "q": "备案要多久"}'


class Asker:
    """Answers lines; never stops at a bad one."""

    def __init__(
        self, settings: Settings, locale: str, province: str | None, subject_kind: str | None
    ) -> None:
        self._world = load_world(settings)
        self._locale = locale
        self._province = province
        self._subject_kind = subject_kind

    def answer_line(self, line: str) -> dict[str, Any]:
        """One JSON line of the interface; ``{"error": …}`` for one that cannot be read."""
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            return {"error": f"this line is not JSON; write as in {_EXAMPLE}"}
        if not isinstance(given, dict) or not isinstance(given.get("q"), str):
            return {"error": f"'q' with a question is missing; write as in {_EXAMPLE}"}
        found = self._find(given["q"])
        return {
            "id": given.get("id"),
            "q": given["q"],
            "answer": self._answer(found),
            "article": found.article,
            "confidence": round(found.confidence, 3),
            "route": found.route.value,
            "suggestions": [one.title for one in found.suggestions],
            "citations": [
                {"title": one.title, "url": one.url, "as_of": one.as_of} for one in found.citations
            ],
        }

    def answer_text(self, line: str) -> str:
        """One question in words."""
        found = self._find(line)
        more = "".join(f"\n  · {one.title}" for one in found.suggestions)
        sources = "".join(f"\n  —— {one.title}（{one.as_of}）" for one in found.citations)
        return self._answer(found) + sources + more + "\n"

    def _find(self, question: str) -> Found:
        return self._world.knowledge.answer(
            Asked(
                question,
                locale=self._locale,
                on=day_of(real_clock()),
                province=self._province,
                subject_kind=self._subject_kind,
            )
        )

    def _answer(self, found: Found) -> str:
        """What the assistant would say."""

        def say(key: str, **values: object) -> str:
            return self._world.wording.say(f"message.{key}", self._locale, **values)

        match found.route:
            case Route.ANSWER:
                rest = [say("unanswered", said=one) for one in found.unanswered]
                return "\n\n".join((found.text, *rest))
            case Route.CLARIFY:
                return say("clarify")
            case Route.HANDOVER:
                return say("handover_of_questions", contact=self._world.reached_by(self._locale))
            case Route.SMALLTALK:
                return say(f"smalltalk_{found.talk}")
            case _:
                return say("dont_know")
