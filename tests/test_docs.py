"""What the documents say is there: commands, targets, links, settings, metrics and log lines."""

import ast
import json
import re
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.form import FIELDS, FORM

pytestmark = pytest.mark.usefixtures("unmeasured")

ROOT = Path(__file__).parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
by_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


@cache
def commands() -> dict[str, set[str]]:
    """Every command of ``python -m bot``, with the commands below it."""
    import typer

    from bot.cli.commands import app

    root = typer.main.get_command(app)
    return {name: set(getattr(command, "commands", {})) for name, command in getattr(root, "commands", {}).items()}


@by_document
def test_commands_exist(path: Path) -> None:
    """Every command that a document names can be typed."""
    named = re.findall(r"python -m bot ([a-z-]+)(?: ([a-z]+))?", path.read_text())
    known = commands()
    wrong = [name for name, below in named if name not in known or (known[name] and below and below not in known[name])]
    assert wrong == []


@by_document
def test_make_targets_exist(path: Path) -> None:
    """Every make target that a document names is there."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = re.findall(r"(?:`|^|&& )make ([a-z]+)", path.read_text(), re.MULTILINE)
    assert [name for name in named if name not in targets] == []


@by_document
def test_links_lead_somewhere(path: Path) -> None:
    """Every link to another file or picture, and to a heading in it, has something at its other end."""
    broken = []
    for target in re.findall(r"\]\(([^)#\s]*)(?:#[^)]*)?\)", path.read_text()):
        if target and "://" not in target and not (path.parent / target).exists():
            broken.append(target)
    for target, heading in re.findall(r"\]\(([^)#\s]*)#([^)]+)\)", path.read_text()):
        file = path.parent / target if target else path
        if "://" not in target and heading not in headings(file):
            broken.append(f"{target}#{heading}")
    assert broken == []


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@by_document
def test_files_exist(path: Path) -> None:
    """Every file of ours that a document names between backticks is there."""
    folders = r"(?:bot|storage|messages|tests|benchmarks|docs|scripts|requirements)"
    named = re.findall(rf"`({folders}/[\w./-]*)`", path.read_text())
    allowed = {"docs/redactie.md": {"getting_there", "return_day"}}.get(path.relative_to(ROOT).as_posix(), set())
    missing = [name for name in named if not (ROOT / name).exists()]
    assert [name for name in missing if not any(word in name for word in allowed)] == []


@pytest.mark.parametrize("path", [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")], ids=lambda path: path.name)
def test_settings_exist(path: Path) -> None:
    """Every setting that a document sets is one that the program knows."""
    from bot.settings import Settings

    names = {name.upper() for name in Settings.model_fields}
    named = re.findall(r"^(?:Environment=)?([A-Z]+_[A-Z_]+)=", path.read_text(), re.MULTILINE)
    assert [name for name in named if name not in names and name.removesuffix("_FILE") not in names] == []


def constants(folder: str) -> Iterator[str]:
    """Every text that stands in the Python of this folder."""
    for path in sorted((ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield node.value


def test_every_metric_is_explained() -> None:
    """An operator finds what each figure of the bot means in the operations guide, and no figure that is not there."""
    text = (ROOT / "docs" / "operations.md").read_text()
    names = {name for name in constants("bot") if re.fullmatch(r"course_bot_[a-z_]+", name)}
    assert {name for name in names if not re.search(rf"`{name}(_total)?[`{{]", text)} == set()
    named = {re.sub(r"_(total|bucket|count|sum)$", "", name) for name in re.findall(r"\bcourse_bot_[a-z_]+", text)}
    assert named - names == set()


def test_the_webhook_example_verifies_our_calls() -> None:
    """Who copies the example from the lead webhook's page accepts our calls, no changed one and none played again."""
    from bot.notifications.webhook import signature

    code = re.findall(r"```python\n(.+?)```", (ROOT / "docs" / "lead-webhook.md").read_text(), re.DOTALL)
    example: dict[str, Any] = {}
    exec(code[0], example)
    signed = signature("lead.created.K7", 1000, b"body", "secret")
    headers = {"Webhook-Id": "lead.created.K7", "Webhook-Timestamp": "1000", "Webhook-Signature": signed}
    is_ours = example["is_ours"]
    assert is_ours(headers, b"body", "secret", now=1200)
    assert not is_ours(headers, b"another", "secret", now=1200)
    assert not is_ours(headers, b"body", "another", now=1200)
    assert not is_ours(headers, b"body", "secret", now=1400), "played again later"
    assert not is_ours(headers | {"Webhook-Timestamp": "1300"}, b"body", "secret", now=1400)
    assert not is_ours(headers | {"Webhook-Id": "lead.created.P3"}, b"body", "secret", now=1200)


def test_the_webhook_example_is_what_is_sent() -> None:
    """The body that the lead webhook's page shows is the one that we send of such a lead: its times too."""
    from bot.dialogue.moments import read
    from bot.dialogue.records import Lead
    from bot.leads.exports import lead_record

    shown = json.loads(re.findall(r"```json\n(.+?)```", (ROOT / "docs" / "lead-webhook.md").read_text(), re.DOTALL)[0])
    answers = {name: str(shown[name]) for name in [field.name for field in FIELDS] if shown[name] is not None}
    made = read(shown["created_at"]) + timedelta(microseconds=123456)
    lead = Lead(
        reference=shown["reference"], chat="telegram:5", channel=shown["channel"], language=shown["language"],
        answers=answers, created_at=made, updated_at=made, consent_at=made.astimezone(ZoneInfo("Europe/Amsterdam")),
        consent_version=shown["consent_version"], consent_language="nl", source=shown["source"],
    )  # fmt: skip
    assert list({"event": shown["event"], **lead_record(lead, FORM)}.items()) == list(shown.items())


def logged() -> Iterator[tuple[str, str]]:
    """Each (level, event) that the program logs."""
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and re.fullmatch(r"_?log(ger)?\.\w+", ast.unparse(node.func)) and node.args:
                event = node.args[0]
                if isinstance(event, ast.Constant):
                    yield ast.unparse(node.func).rpartition(".")[2], str(event.value)


def test_every_warning_is_explained() -> None:
    """An operator finds each log line that may ask for action, and no other, in the operations guide."""
    text = (ROOT / "docs" / "operations.md").read_text()
    events = {event for level, event in logged() if level in ("warning", "error", "critical", "exception")}
    assert {event for event in events if f"`{event}`" not in text} == set()
    table = text.partition("## Log lines that ask for action")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) - {event for _, event in logged()} == set()


def test_the_picture_of_the_house_is_the_code() -> None:
    """A newcomer's picture of which part imports which is made from the imports as they are."""
    from scripts.house_diagram import PAGE, README, floors, page, readme

    assert PAGE.read_text() == page(), "run: make diagrams"
    assert README.read_text() == readme(README.read_text()), "run: make diagrams"
    assert sum(map(len, floors())) <= 20, "a newcomer takes in some twenty parts"


def test_publiccode_fits_the_catalogues() -> None:
    """Who looks in a catalogue of public software finds this: its short descriptions are as short as the form asks."""
    text = (ROOT / "publiccode.yml").read_text()
    described = re.findall(r"shortDescription: >\n((?:      .+\n)+)", text)
    assert len(described) == 2
    assert [words for words in described if len(" ".join(words.split())) > 150] == []
    (version,) = re.findall(r"^softwareVersion: (.+)$", text, re.MULTILINE)
    assert f'version = "{version}"' in (ROOT / "pyproject.toml").read_text()
