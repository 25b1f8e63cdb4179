"""How a message is read, as data: the command `beian understand`."""

import json
from typing import Any

from bot.clock import real_clock
from bot.settings import Settings
from bot.world import load_world
from dialogs.explain import UnreadableLine, explain
from dialogs.world import day_of

_EXAMPLE = '{"id": "1", "context": "domain", "say": "example.cn"}'


class Explainer:
    """Reads lines of the interface; never stops at a bad one."""

    def __init__(self, settings: Settings) -> None:
        self._world = load_world(settings)

    def explain(self, line: str) -> dict[str, Any]:
        """One line in, one answer out; ``{"error": …}`` for a line that cannot be read."""
        try:
            given = json.loads(line)
        except (ValueError, RecursionError):
            return {"error": f"this line is not JSON; write as in {_EXAMPLE}"}
        if not isinstance(given, dict) or not isinstance(given.get("say"), str):
            return {"error": f"'say' with a text is missing; write as in {_EXAMPLE}"}
        flow = self._world.flows[self._world.first_flow]
        try:
            now = real_clock()
            return explain(flow, given, today=day_of(now), wording=self._world.wording, now=now)
        except UnreadableLine as error:
            return {"id": given.get("id"), "error": str(error)}
