"""What is wrong with a content file: every problem at once, each with its place and its cure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a content file. ``line`` counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    message: str  # what is wrong
    cure: str  # what to do about it

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.message}; {self.cure}"


class BrokenContent(ValueError):
    """Content files that cannot be used. Holds all problems found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
