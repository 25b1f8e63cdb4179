"""Questions answered from the knowledge base: the command `beian ask`."""

import json
from typing import Any

from bot.clock import real_clock
from bot.settings import Settings
from bot.world import load_world
from dialogs.world import day_of
from knowledge.answering import Asked, Found

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
            "answer": found.text or self._miss(found),
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
        return (found.text or self._miss(found)) + sources + more + "\n"

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

    def _miss(self, found: Found) -> str:
        key = "message.clarify" if found.suggestions else "message.dont_know"
        return self._world.wording.say(key, self._locale)
