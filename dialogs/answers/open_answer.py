"""What answers without a closed list of choices have in common."""

from typing import ClassVar

from dialogs.answers.base import Context, Found


class OpenAnswer:
    """Shown as it is, with no options, and not recognisable in a sentence unless said otherwise."""

    __slots__ = ()

    name: ClassVar[str]
    sensitive: ClassVar[bool] = False

    def show(self, value: str, *, masked: bool = False, locale: str = "zh-CN") -> str:
        """The value itself; ``masked`` hides all of a sensitive one."""
        return "*" * len(value) if masked and self.sensitive else value

    def extract(self, text: str, context: Context) -> tuple[Found, ...]:
        """Nothing: an open text is no pattern."""
        return ()

    def options(self, context: Context) -> tuple[str, ...]:
        """None: the answer is open."""
        return ()
