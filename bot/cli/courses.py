"""``python -m bot new-course`` and ``new-language``: messages to start from."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.work import failed, read_settings, wrong
from bot.running.ending import line_of


def new_course(
    folder: Annotated[Path, typer.Argument(help="The folder to make.")],
    languages: Annotated[str, typer.Option(help="Its languages, comma-separated, the default first.")] = "nl,en",
    title: Annotated[str, typer.Option(help="What the course is called.")] = "",
    organiser: Annotated[str, typer.Option(help="Who organises it.")] = "",
    contact: Annotated[str, typer.Option(help="Who gets in touch with people.")] = "",
) -> None:
    """Make a messages folder for another course, to start from; in a terminal what is not given is asked."""
    from bot.wording.newcourse import make_course, told

    os.umask(0o022)  # messages are no secret: a service's own user reads what an editor makes
    try:
        known = told(
            _asked("What is the course called?", title),
            _asked("Who organises it?", organiser),
            _asked("Who gets in touch with people?", contact),
        )
        make_course(folder, [code.strip() for code in languages.split(",") if code.strip()], known)
    except ValueError as unknown:
        wrong(f"--languages has what is no code of a language: {unknown}")
    except FileExistsError:
        wrong(f"{folder} is there already: name a new folder")
    except OSError as problem:
        failed(f"{folder} cannot be made: {problem.strerror or line_of(problem)}")
    typer.echo(f"Made {folder}. Look at it with MESSAGES_DIR={folder} python -m bot chat")


def _asked(question: str, given: str) -> str:
    """What was given, else what is typed in a terminal, which may be nothing."""
    return given or (typer.prompt(question, default="", show_default=False) if sys.stdin.isatty() else "")


def new_language(
    code: Annotated[str, typer.Argument(help="The language's code, as de.")],
    source: Annotated[str, typer.Option("--from", help="The language to begin from; the first without it.")] = "",
) -> None:
    """Give the messages one language more: what is not translated yet is marked, and `check` counts it."""
    from bot.wording.course import read_languages
    from bot.wording.facts import CODE
    from bot.wording.translating import new_language as make

    folder = read_settings().messages_dir
    if not CODE.fullmatch(code):
        wrong(f"{code} is no code of a language, such as de")
    source = source or read_languages(folder)[0]
    try:
        make(folder, code, source)
    except FileExistsError:
        wrong(f"{folder / code} is there already")
    except FileNotFoundError:
        wrong(f"--from: {folder} has no {source}")
    except OSError as problem:
        failed(f"{folder / code} cannot be made: {problem.strerror or line_of(problem)}")
    typer.echo(f"Made {folder / code}. `python -m bot check` counts what is left to translate.")
