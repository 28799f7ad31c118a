"""``python -m bot …``: what operators and editors can do. Exit codes: 0 done, 1 failed, 2 wrong use or settings."""

import asyncio
import contextlib
import gc
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import courses, leads, outbox
from bot.cli.work import failed, go, read_settings, with_operator, wrong
from bot.running.ending import FAILED, in_one_line
from bot.settings import Settings, SettingsError

app = typer.Typer(
    name="bot",
    help="The course bot: answers questions about a course, signs people up and tells the contact person at once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(leads.app, name="leads")
app.add_typer(outbox.app, name="outbox")


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
        wrong(f"{problem}")
    except WordingError as problem:
        wrong(f"MESSAGES_DIR has messages that cannot be used:\n{problem}")


@app.command()
def run() -> None:
    """Serve the web chat, and Telegram when TELEGRAM_BOT_TOKEN is set, until Ctrl-C or SIGTERM."""
    gc.disable()  # what is loaded now stays: looking for garbage in it would take a tenth of the start

    from bot.running.quick_start import load_libraries

    load_libraries()
    from bot.running.listening import listen

    settings = read_settings()
    with contextlib.closing(listen(settings)) as listener:  # who comes while the rest is loaded is not refused
        import uvloop

        from bot.running.serving import serve_until_signal

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(serve_until_signal(settings, _announce, listener))


def _announce(settings: Settings) -> None:
    from bot.running.quick_start import freeze_memory

    freeze_memory()
    stored = [f"database {_place(settings)}", f"mail {_mail(settings)}"]
    if settings.telegram_on and settings.staff_chat:
        stored.append("the staff chat")
    telegram = "on" if settings.telegram_on else "off; set TELEGRAM_BOT_TOKEN (make a bot with @BotFather, see README)"
    with contextlib.suppress(OSError):  # whoever reads this may have gone: people can chat all the same
        typer.echo(f"Chat:     {settings.public_url}")
        typer.echo(f"Leads:    {', '.join(stored)}")
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

    go(lambda: talk(read_settings(), language))


@app.command()
def ask(
    language: Annotated[str, typer.Option(help="Language of the questions; the course's first without it.")] = "",
    state: Annotated[
        str | None, typer.Option(help="Read them where the conversation is: idle, review, forward, ask:name, ...")
    ] = None,
) -> None:
    """Read one question a line, and write what would be answered as one JSON object a line."""
    if state is not None:
        _read_in(state, language)
        return
    import json

    from bot.questions import DamagedWeights, Matcher, UnreadablePhrases
    from bot.questions.ask import ask_line
    from bot.wording.course import read_languages

    settings = read_settings()
    languages = read_languages(settings.messages_dir)
    language = language or languages[0]
    if language not in languages:
        wrong(f"--language must be one of: {', '.join(languages)}")
    try:
        matcher = Matcher.load(settings.messages_dir, languages)
    except (DamagedWeights, UnreadablePhrases) as problem:
        raise SettingsError("MESSAGES_DIR", f"{problem}") from None
    for line in sys.stdin:
        if question := line.strip():
            typer.echo(json.dumps(ask_line(matcher, question, language), ensure_ascii=False))


def _read_in(state: str, language: str) -> None:
    import json

    from bot.dialogue.reading.shown import shown
    from bot.loading import context_maker, load_acts, load_matcher, load_wording

    settings = read_settings()
    wording = load_wording(settings)
    matcher = load_matcher(settings, wording)
    context = context_maker(wording, matcher, load_acts(settings, wording, matcher))()
    spoken = language or wording.default(settings.default_language)
    for line in sys.stdin:
        if text := line.strip():
            try:
                typer.echo(
                    json.dumps(
                        shown(text, state, spoken, context),
                        ensure_ascii=False,
                    )
                )
            except ValueError:
                wrong("--state must be idle, email, review, cancel, contact, forward, forget, or ask: and a field")


@app.command()
def check(
    language: Annotated[str, typer.Option(help="The language to speak; that of the messages without it.")] = "",
) -> None:
    """Check all messages in all languages, by file and line; and say what an operator still has to fill in."""
    from bot.questions.freshness import stale
    from bot.questions.left_behind import left_behind
    from bot.wording.check.check import advice, problems, warnings
    from bot.wording.check.report import LANGUAGES, Report
    from bot.wording.files import endless
    from bot.wording.records import Problem

    settings = read_settings()
    folder = settings.messages_dir
    if language and language not in LANGUAGES:
        wrong(f"--language must be one of: {', '.join(LANGUAGES)}")
    report = Report(folder, language or _spoken(settings))
    faults, unread = problems(folder), endless(folder)
    seen = [] if unread else advice(folder)
    for one, topic in () if unread else left_behind(folder):
        place = f"{one.language}/questions/unpublished/{one.subject}.txt"
        text = f"{one.text!r} asks what {topic} answers: move it to {one.language}/questions/{topic}.txt"
        seen.append(Problem(file=place, line=0, text=text))
    look = f"{report.frame('look')}: "
    for mark, found in (("", faults), (look, seen)):
        for line in (line for one in found for line in report.lines(one, mark)):
            typer.echo(line)
    if not unread and (due := stale(folder)):
        typer.echo(report.frame("due") if "since training" in due else due)
    if not unread and (left := warnings(folder)):
        typer.echo(report.unfilled(left))
    if faults:
        typer.echo(report.frame("mend", count=len(faults)))
        raise typer.Exit(FAILED)
    typer.echo(report.frame("fine"))


def _spoken(settings: Settings) -> str:
    """DEFAULT_LANGUAGE, else the course's first; empty where its languages cannot be read."""
    from bot.wording import WordingError
    from bot.wording.course import read_languages

    with contextlib.suppress(WordingError):
        return settings.default_language or read_languages(settings.messages_dir)[0]
    return ""


@app.command()
def reload() -> None:
    """Have the running bot take the messages anew; one with faults is not taken, and they are named here."""
    import signal

    from bot.wording.check.check import problems
    from bot.wording.check.report import Report
    from storage.lock import holder

    settings = read_settings()
    faults = problems(settings.messages_dir)
    report = Report(settings.messages_dir, _spoken(settings))
    for line in (line for one in faults for line in report.lines(one)):
        typer.echo(line)
    running = holder(settings.database_path) if settings.database_path else None
    if running:
        os.kill(running, signal.SIGHUP)
    if faults:
        failed(f"{len(faults)} to mend; the bot goes on with the messages it had.")
    if settings.database_path and not running:
        failed("No bot runs on this database: its next start takes the messages.")
    typer.echo("Taken: people see it within a second." if running else "In order. Now send the bot's process SIGHUP.")


@app.command()
def preview(folder: Annotated[Path, typer.Argument(help="The folder to write it in.")]) -> None:
    """Write one page that shows every message in every language, as Telegram and as mail show them."""
    from bot.wording.preview import write_preview

    messages, page = read_settings().messages_dir, folder / "index.html"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        faults = write_preview(messages, page)
    except OSError as problem:
        failed(f"{page} cannot be written: {problem.strerror}")
    typer.echo(f"Open {page} in a browser.")
    for fault in faults:
        typer.echo(f"{fault}")
    if faults:
        raise typer.Exit(FAILED)


app.command("new-course")(courses.new_course)
app.command("new-language")(courses.new_language)


@app.command()
def migrate() -> None:
    """Bring the database's tables up to date."""

    async def work() -> None:
        from bot.loading import open_storage

        storage = await open_storage(read_settings(), make=True)
        await storage.close()
        typer.echo("The database is up to date.")

    go(work)


@app.command()
def purge() -> None:
    """Remove now what was kept longer than RETENTION_DAYS and DRAFT_RETENTION_DAYS."""
    go(with_operator(lambda operator: operator.purge()))


@app.command()
def backup(path: Annotated[Path, typer.Argument(help="The file to write.")]) -> None:
    """Write a whole copy of the SQLite database, also while the bot runs. The key is not in it: keep it apart."""
    go(with_operator(lambda operator: operator.backup(path)))


@app.command("rotate-key")
def rotate_key(
    new_key: Annotated[
        bool, typer.Option(help="First make a new key in the key file (SQLite without DATA_KEY).")
    ] = False,
) -> None:
    """Encrypt everything anew with the newest key, also while the bot runs."""
    go(with_operator(lambda operator: operator.rotate(new_key=new_key)))


@app.command()
def questions(limit: Annotated[int, typer.Option(help="How many to show.", min=1)] = 50) -> None:
    """Show the questions that were not answered directly, most asked first."""
    go(with_operator(lambda operator: operator.questions(limit)))
