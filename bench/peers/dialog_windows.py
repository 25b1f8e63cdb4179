"""aiogram-dialog: a window a question, in memory. It also takes the keys off each last message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiogram import Bot as AiogramBot
from aiogram import Dispatcher
from aiogram.filters import CommandStart
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.types import Message
from aiogram_dialog import Dialog, DialogManager, StartMode, Window, setup_dialogs
from aiogram_dialog.widgets.input import ManagedTextInput, TextInput
from aiogram_dialog.widgets.kbd import Button, Column
from aiogram_dialog.widgets.text import Const, Format

from bench.contestant import Bot
from bench.form import NOT_READ, QUESTIONS, Question, ask, summary
from bench.peers.aiogram_edge import local_bot, parsed
from bench.peers.aiogram_form import Kept
from bench.platform import Platform

_KEYS = (*(question.key for question in QUESTIONS), "summary")
_FORM: Any = type("Form", (StatesGroup,), {key: State() for key in _KEYS})
_STATES: tuple[State, ...] = tuple(getattr(_FORM, key) for key in _KEYS)


@dataclass(frozen=True, slots=True)
class _Windows:
    bot: AiogramBot
    dispatcher: Dispatcher
    counted: Kept

    async def feed(self, raw: bytes) -> None:
        await self.dispatcher.feed_raw_update(self.bot, parsed(raw))

    async def kept(self) -> int:
        return self.counted.answers


@asynccontextmanager
async def aiogram_dialog(platform: Platform, folder: Path) -> AsyncIterator[Bot]:
    """See ``Contestant``."""
    counted = Kept()
    dispatcher = Dispatcher(storage=MemoryStorage())
    dispatcher.message.register(_start, CommandStart())
    dispatcher.include_router(_dialog(counted))
    setup_dialogs(dispatcher)
    yield _Windows(local_bot(platform), dispatcher, counted)


async def _start(message: Message, dialog_manager: DialogManager) -> None:
    await dialog_manager.start(_STATES[0], mode=StartMode.RESET_STACK)


def _dialog(counted: Kept) -> Dialog:
    windows = (_window(number, counted) for number in range(len(QUESTIONS)))
    return Dialog(*windows, Window(Format("{summary}"), state=_STATES[-1], getter=_summary))


def _window(number: int, counted: Kept) -> Window:
    question = QUESTIONS[number]

    async def keep(
        message: Message, _: ManagedTextInput[str], manager: DialogManager, value: str
    ) -> None:
        manager.dialog_data[question.key] = value
        await counted.add(message.chat.id, question.key, value)
        await manager.next()

    async def refuse(
        message: Message, _: ManagedTextInput[str], manager: DialogManager, error: ValueError
    ) -> None:
        await message.answer(NOT_READ)

    def read(typed: str) -> str:
        value = question.read(typed)
        if value is None:
            raise ValueError(question.key)
        return value

    widgets: list[Any] = [
        Const(ask(number)),
        TextInput("typed", type_factory=read, on_success=keep, on_error=refuse),
    ]
    if question.choices:
        widgets.append(_keys(question))
    return Window(*widgets, state=_STATES[number])


def _keys(question: Question) -> Column:
    return Column(
        *(Button(Const(choice), id=f"c{place}") for place, choice in enumerate(question.choices))
    )


async def _summary(dialog_manager: DialogManager, **_: Any) -> dict[str, str]:
    return {"summary": summary(dialog_manager.dialog_data)}
