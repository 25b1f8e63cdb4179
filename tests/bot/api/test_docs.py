"""The examples of docs/api.md work against a running assistant, and name what there is."""

import asyncio
import os
import re
import sys
from pathlib import Path

import pytest

from bot.api.models import EventIn, ToldEvent
from bot.api.problems import DETAILS
from dialogs.assistant import Assistant
from filing.event import EventType
from storage.ports import Stores
from tests.bot.api.calling import SECRET
from tests.bot.api.conftest import APPLICANT, make_app
from tests.bot.web.serving import serving

PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[-1]
PYTHON = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0]


@pytest.mark.parametrize(
    "program, example, told",
    [
        (sys.executable, PYTHON, EventType.FIRST_REVIEW_PASSED),
        ("sh", SHELL, EventType.MATERIALS_SUBMITTED),
    ],
    ids=["python", "curl"],
)
async def test_an_example_tells_its_event(
    program: str,
    example: str,
    told: EventType,
    assistant: Assistant,
    stores: Stores,
    filing: str,
) -> None:
    example = example.replace('"at": "2026-11-25T10:12:00+08:00"', '"at": None')
    app = make_app(assistant, stores)
    async with serving(app) as url:
        process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            example,
            env={**os.environ, "BEIAN_URL": url, "FILING": filing, "BEIAN_API_SECRET": SECRET},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    events = (await assistant.case(APPLICANT)).filings[filing].events
    assert events[-1].type is told


def test_the_page_names_every_event_refusal_and_field() -> None:
    for name in (*ToldEvent, *DETAILS, *EventIn.model_fields):
        if name not in ("failed",):
            assert f"`{name}`" in PAGE, name
