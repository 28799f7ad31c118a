"""One HTML page with every message in every language, as Telegram and as mail show them: for editors."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from bot.dialogue.buttons import BELOW_ANYWAY
from bot.wording.catalogue import Catalogue
from bot.wording.check.check import examine
from bot.wording.check.report import LANGUAGES, Report
from bot.wording.check.states import may_be_known, states
from bot.wording.keys import DOCUMENTS, key_of
from bot.wording.language import Language
from bot.wording.records import Mail, Problem
from bot.wording.render import Wording
from bot.wording.samples import Samples, sample_settings
from bot.wording.tables import Table


def write_preview(folder: Path, output: Path) -> list[Problem]:
    """
    Write the preview of ``folder`` to the file ``output``, with what is broken marked; give what is wrong.

    Raises WordingError where so much is broken that nothing can be shown.
    """
    catalogue = Catalogue(folder, sample_settings(Table(folder, "samples.toml")))
    problems = examine(catalogue)
    page = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    ).get_template("preview.html")
    languages = [
        {"code": code, "name": language.labels.name, "messages": list(_messages(catalogue, code, problems))}
        for code, language in catalogue.languages.items()
    ]
    output.write_text(page.render(languages=languages), encoding="utf-8")
    return problems


def _messages(catalogue: Catalogue, code: str, problems: list[Problem]) -> Iterator[dict[str, Any]]:
    """Every message of one language: as it looks, or what is wrong with it."""
    report = Report(catalogue.folder, code if code in LANGUAGES else LANGUAGES[-1])
    looks = _looks(catalogue, code, {problem.file for problem in problems})
    for message in looks:
        own = [one for one in problems if one.file.startswith(message["path"])]
        yield {**message, "faults": [report.said(one.text) for one in own]}


def _looks(catalogue: Catalogue, code: str, broken: set[str]) -> Iterator[dict[str, Any]]:
    """
    Every message of one language: its path, and what it looks like with all values and with as few as may be, and
    with the facts it shows known and not known. Nothing of those that are broken.
    """
    wording, samples = Wording(catalogue), Samples(catalogue.tables["samples"], catalogue.form)
    language = catalogue.languages[code]
    may_be = may_be_known(catalogue, language, samples)
    for key, names in sorted({key_of(name): name for name in language.templates.names}.items()):
        path = f"{code}/{key}/" if key.startswith("mail/") else f"{code}/{key}.html"
        if any(file.startswith(path) for file in broken):
            yield {"key": key, "path": path, "mails": [], "bubbles": [], "buttons": []}
            continue
        placeholders = samples.of_message(key)
        full, bare = samples.full(key, placeholders), samples.bare(key, placeholders)
        shown = language.templates.all_names(names)
        variants = [full] if full == bare else [full, bare]
        variants += [{**full, **state} for state in states({k: v for k, v in may_be.items() if k in shown})]
        if key.startswith(DOCUMENTS):
            mails = [_document(wording, language, key, values) for values in variants]
            yield {"key": key, "path": path, "mails": mails, "bubbles": [], "buttons": []}
        else:
            channel = "staff" if key.startswith("staff/") else "telegram"
            bubbles = list(dict.fromkeys(wording.message(key, code, values, channel).html for values in variants))
            buttons = [[wording.label(button, code) for button in row] for row in _rows(catalogue, key)]
            yield {"key": key, "path": path, "mails": [], "bubbles": bubbles, "buttons": buttons}


def _document(wording: Wording, language: Language, key: str, values: Mapping[str, object]) -> Mail:
    """A mail, or a page that stands on its own."""
    if key.startswith("mail/"):
        return wording.mail(key, language.code, values)
    return Mail(subject="", text="", html=language.render(f"{key}.html", values, "web"))


def _rows(catalogue: Catalogue, key: str) -> list[list[str]]:
    kind, _, name = key.partition("/")
    if key in ("chat/menu", "chat/welcome"):
        return [list(row) for row in catalogue.course().menu]
    if kind == "topic" and name in catalogue.topics:
        topic = catalogue.topics[name]
        others = [f"topic:{other}" for other in topic.next]
        offers = [[offer] for offer in topic.offer if offer not in BELOW_ANYWAY]
        return [*(others[start : start + 2] for start in range(0, len(others), 2)), *offers, [*BELOW_ANYWAY]]
    field = catalogue.form.by_name.get(name.removeprefix("ask/")) if name.startswith("ask/") else None
    return [[f"signup:{field.name}:{option}"] for option in field.options] if field else []
