"""The letters and an operator's own templates of them, refused before the assistant starts."""

from collections.abc import Iterator
from pathlib import Path

from knowledge.errors import BrokenContent, Problem
from knowledge.letter_book import LetterBook, load_letter_book
from knowledge.rules_schema import did_you_mean


def load_letters(extra_dir: Path | None = None) -> LetterBook:
    """All letters, with what an operator's own templates show. Raises BrokenContent."""
    book = load_letter_book(extra_dir)
    own = _own(extra_dir)
    if not own:
        return book
    # Imported here: who uses the shipped templates pays nothing for reading Word files at start-up.
    from bot.letters.template import Template

    problems: list[Problem] = []
    for path in own:
        letter = book.letters.get(path.stem)
        if letter is None:
            problems.append(_no_letter(path, book))
            continue
        template = Template(f"letters/{path.name}", path.read_bytes())
        found = list(template.problems(letter))
        problems += found
        if not found:
            book = book.with_uses(letter.key, template.variables())
    if problems:
        raise BrokenContent(problems)
    return book


def shipped_problems(book: LetterBook, extra_dir: Path | None = None) -> Iterator[Problem]:
    """What is wrong with the shipped templates that nobody replaced."""
    from bot.letters.template import own_template, read_template

    for letter in book.letters.values():
        if own_template(letter, extra_dir) is None:
            try:
                template = read_template(letter)
            except OSError:
                cure = f"put a template of that name beside {letter.key!r} in your letters/"
                yield Problem(f"letters/{letter.key}.docx", 0, "there is no such template", cure)
                continue
            yield from template.problems(letter)


def _own(extra_dir: Path | None) -> list[Path]:
    folder = extra_dir / "letters" if extra_dir is not None else None
    if folder is None or not folder.is_dir():
        return []
    # Word keeps a file beginning with ~$ beside one that is open.
    return sorted(one for one in folder.glob("*.docx") if not one.name.startswith("~$"))


def _no_letter(path: Path, book: LetterBook) -> Problem:
    known = frozenset(f"{key}.docx" for key in book.letters)
    message = f"no letter has a template of this name; {did_you_mean(path.name, known)}"
    return Problem(f"letters/{path.name}", 0, message, "rename the file")
