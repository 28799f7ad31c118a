"""``python -m bot …``: what operators and editors can do. Exit codes: 0 done, 1 failed, 2 wrong use or settings."""

import asyncio
import contextlib
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.running.ending import FAILED, in_one_line, line_of
from bot.settings import Settings, SettingsError, load_settings

if TYPE_CHECKING:
    from bot.cli.operator import Operator

app = typer.Typer(
    name="bot",
    help="The course bot: answers questions about a course, signs people up and tells the contact person at once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
leads_app = typer.Typer(help="See, export and remove leads.", no_args_is_help=True)
outbox_app = typer.Typer(help="See and repeat messages that could not be delivered.", no_args_is_help=True)
app.add_typer(leads_app, name="leads")
app.add_typer(outbox_app, name="outbox")

WRONG = 2


class Format(StrEnum):
    """What leads are exported as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"

    @classmethod
    def of(cls, output: Path | None) -> "Format":
        """What a file of this name is to hold; JSON where its name does not say. Raises ValueError for another form."""
        ending = output.suffix.lower().removeprefix(".") if output else ""
        return cls.JSON if ending in ("", "txt") else cls(ending)


def main() -> None:
    """Run one command; wrong settings and messages end it with one line each and exit code 2, a full disk with 1."""
    os.umask(0o077)  # whatever is made is for its user only, the folders on the way there included
    with in_one_line():
        _run_command()


def _run_command() -> None:
    from bot.wording import WordingError

    try:
        app()
    except SettingsError as problem:
        _wrong(f"{problem}")
    except WordingError as problem:
        _wrong(f"MESSAGES_DIR has messages that cannot be used:\n{problem}")


def _wrong(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise SystemExit(WRONG)


def _failed(text: str) -> NoReturn:
    typer.echo(text, err=True)
    raise typer.Exit(FAILED)


def _settings() -> Settings:
    """The settings, with logs as they say."""
    from bot.observing.logs import configure_logs

    settings = load_settings(tell=lambda line: typer.echo(line, err=True))
    configure_logs(settings.log_format, settings.log_level, settings.secrets())
    return settings


def _go(work: Callable[[], Awaitable[None]]) -> None:
    """Run a coroutine; a database that fails meanwhile ends it with one line and exit code 1."""
    from storage.errors import StorageError

    try:
        asyncio.run(_awaited(work))
    except StorageError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(FAILED) from None


async def _awaited(work: Callable[[], Awaitable[None]]) -> None:
    await work()


@app.command()
def run() -> None:
    """Serve the web chat, and Telegram when TELEGRAM_BOT_TOKEN is set, until Ctrl-C or SIGTERM."""
    gc.disable()  # what is loaded now stays: looking for garbage in it would take a tenth of the start

    from bot.running.quick_start import load_libraries

    load_libraries()
    import uvloop

    from bot.running.serving import serve_until_signal

    settings = _settings()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve_until_signal(settings, _announce))


def _announce(settings: Settings) -> None:
    """Three lines: where to chat, where leads go, how to switch Telegram on."""
    from bot.running.quick_start import freeze_memory

    freeze_memory()
    leads = [f"database {_place(settings)}", f"mail {_mail(settings)}"]
    if settings.telegram_on and settings.staff_chat:
        leads.append("the staff chat")
    telegram = "on" if settings.telegram_on else "off; set TELEGRAM_BOT_TOKEN (make a bot with @BotFather, see README)"
    with contextlib.suppress(OSError):  # whoever reads this may have gone: people can chat all the same
        typer.echo(f"Chat:     {settings.public_url}")
        typer.echo(f"Leads:    {', '.join(leads)}")
        typer.echo(f"Telegram: {telegram}")
        sys.stdout.flush()


def _place(settings: Settings) -> str:
    return str(settings.database_path) if settings.database_path else "PostgreSQL"


def _mail(settings: Settings) -> str:
    if settings.mail_folder:
        return f"as .eml files in {settings.mail_folder}"
    return f"to {settings.contact_email}" if settings.contact_email else "to nobody: set CONTACT_EMAIL"


@app.command()
def chat(language: Annotated[str, typer.Option(help="Language to begin in.")] = "") -> None:
    """Have the conversation here in the terminal, without storing or sending anything."""
    from bot.cli.chat import talk

    _go(lambda: talk(_settings(), language))


@app.command()
def ask(language: Annotated[str, typer.Option(help="Language of the questions.")] = "nl") -> None:
    """Read one question a line, and write what would be answered as one JSON object a line."""
    import json

    from bot.questions import DamagedWeights, Matcher, UnreadablePhrases
    from bot.questions.ask import ask_line
    from bot.wording.course import read_languages

    settings = _settings()
    languages = read_languages(settings.messages_dir)
    if language not in languages:
        _wrong(f"--language must be one of: {', '.join(languages)}")
    try:
        matcher = Matcher.load(settings.messages_dir, languages)
    except (DamagedWeights, UnreadablePhrases) as problem:
        raise SettingsError("MESSAGES_DIR", f"{problem}") from None
    for line in sys.stdin:
        if question := line.strip():
            typer.echo(json.dumps(ask_line(matcher, question, language), ensure_ascii=False))


@app.command()
def check() -> None:
    """Check all messages in all languages, by file and line; and say what an operator still has to fill in."""
    from bot.questions.freshness import stale
    from bot.wording.check.check import problems, warnings

    settings = _settings()
    wrong = problems(settings.messages_dir)
    for line in (*wrong, *(f"to fill in: {warning}" for warning in warnings(settings.messages_dir))):
        typer.echo(f"{line}")
    if advice := stale(settings.messages_dir):
        typer.echo(advice)
    if wrong:
        typer.echo(f"{len(wrong)} to mend.")
        raise typer.Exit(FAILED)
    typer.echo("All messages are in order.")


@app.command()
def preview(folder: Annotated[Path, typer.Argument(help="The folder to write it in.")]) -> None:
    """Write one page that shows every message in every language, as Telegram and as mail show them."""
    from bot.wording.preview import write_preview

    messages, page = _settings().messages_dir, folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_preview(messages, page)
    except OSError as problem:
        _failed(f"{page} cannot be written: {problem.strerror}")
    typer.echo(f"Open {page} in a browser.")


@app.command("new-course")
def new_course(folder: Annotated[Path, typer.Argument(help="The folder to make.")]) -> None:
    """Make a messages folder for another course, to start from."""
    from bot.wording.newcourse import make_course

    os.umask(0o022)  # messages are no secret: a service's own user reads what an editor makes
    try:
        make_course(folder)
    except FileExistsError:
        _wrong(f"{folder} is there already: name a new folder")
    except OSError as problem:
        _failed(f"{folder} cannot be made: {problem.strerror or line_of(problem)}")
    typer.echo(f"Made {folder}. Look at it with MESSAGES_DIR={folder} python -m bot chat")


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""

    async def work() -> None:
        from bot.loading import open_storage

        storage = await open_storage(_settings(), make=True)
        await storage.close()
        typer.echo("The database is up to date.")

    _go(work)


@app.command()
def purge() -> None:
    """Remove now what was kept longer than RETENTION_DAYS and DRAFT_RETENTION_DAYS."""
    _go(_with_operator(lambda operator: operator.purge()))


@app.command()
def backup(path: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write a whole copy of the SQLite database, also while the bot runs. The key is not in it: keep it apart."""
    _go(_with_operator(lambda operator: operator.backup(path)))


@app.command("rotate-key")
def rotate_key(
    new_key: Annotated[
        bool, typer.Option(help="First make a new key in the key file (SQLite without DATA_KEY).")
    ] = False,
) -> None:
    """Encrypt everything anew with the newest key, also while the bot runs."""
    _go(_with_operator(lambda operator: operator.rotate(new_key=new_key)))


@app.command()
def questions(limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = 50) -> None:
    """Show the questions that were not answered directly, most asked first."""
    _go(_with_operator(lambda operator: operator.questions(limit)))


@leads_app.command("list")
def leads_list() -> None:
    """List all leads, newest first."""
    _go(_with_operator(lambda operator: operator.list_leads()))


@leads_app.command("show")
def leads_show(reference: Annotated[str, typer.Argument(help="As the person and staff have it.")]) -> None:
    """Show everything of one lead."""
    _go(_with_operator(lambda operator: operator.show_lead(reference)))


@leads_app.command("export")
def leads_export(
    kind: Annotated[
        Format | None, typer.Option("--format", help="What to write; else by the file's ending, else json.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write; else standard output.")] = None,
) -> None:
    """Export all leads."""
    try:
        form = kind or Format.of(output)
    except ValueError:
        _wrong(f"--output {output}: nothing is exported in that form; known endings: .json, .csv, .xlsx")
    _go(_with_operator(lambda operator: operator.export(form.value, output)))


@leads_app.command("forget")
def leads_forget(email: Annotated[str, typer.Option(help="The person's e-mail address.")]) -> None:
    """Remove everything of the person with this e-mail address, and let staff know."""
    from bot.addresses.reading import searched_address
    from bot.cli.operator import NO_ADDRESS

    if not searched_address(email):
        _wrong(NO_ADDRESS)
    _go(_with_operator(lambda operator: operator.forget(email)))


@outbox_app.command("list")
def outbox_list() -> None:
    """List the messages that wait, were tried in vain or were given up, without what they say."""
    _go(_with_operator(lambda operator: operator.list_outbox()))


@outbox_app.command("retry")
def outbox_retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Which; else all.")] = None,
) -> None:
    """Deliver messages that were given up once more; the running bot does it."""
    _go(_with_operator(lambda operator: operator.retry(ids or None)))


@outbox_app.command("drop")
def outbox_drop(ids: Annotated[list[int], typer.Argument(help="Which, by their id in outbox list.")]) -> None:
    """Remove messages that were given up or tried in vain, and that nobody needs to get any more."""
    _go(_with_operator(lambda operator: operator.drop(ids)))


def _with_operator(work: "Callable[[Operator], Awaitable[None]]") -> Callable[[], Awaitable[None]]:
    """A piece of work with the database open, as a coroutine function."""

    async def open_and_work() -> None:
        from bot.cli.operator import Operator, Wrong
        from bot.loading import open_storage

        settings = _settings()
        storage = await open_storage(settings)
        try:
            await work(Operator(settings, storage))
        except Wrong as problem:
            typer.echo(str(problem), err=True)
            raise typer.Exit(FAILED) from None
        finally:
            await storage.close()

    return open_and_work
