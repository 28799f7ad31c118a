"""The program knows no field by its id: with every field and option called otherwise, the sign-up is the same."""

import ast
import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dialogue.context import Context
from bot.dialogue.events import Chosen, Typed
from bot.dialogue.fields import OF_A_LEAD
from bot.dialogue.records import Conversation, Lead, LeadSaved, Reply
from bot.dialogue.respond import respond
from bot.leads.exports import columns, lead_record
from bot.wording import Wording
from tests.dialogue.person import acts, check_email, check_phone, find, match
from tests.events import happens
from tests.form import FIELDS
from tests.frozen import FOR_PROGRAMS
from tests.said import worded

ROOT = Path(__file__).parents[2]
CHOICES = [field.name for field in FIELDS if field.options]
OPTIONS = dict.fromkeys(option for field in FIELDS for option in field.options)
RENAMED: Mapping[str, str] = {
    **{field.name: f"x{chr(97 + number)}" for number, field in enumerate(FIELDS)},
    **{option: f"z{chr(97 + number)}" for number, option in enumerate(OPTIONS)},
}
#: what code may say of these: they are words of their own
EVERYDAY = {
    "name",
    "email",
    "phone",
    "organisation",
    "role",
    "interest",
    "place",
    "other",
    "participants",
    "unknown",
    "remark",
    "municipality",
}
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TALK = (
    "/aanmelden", "beide", "ik bedoelde de corporatie", "wij zijn een woningcorporatie", "Wonen Zuid", "weet ik niet",
    "ik ben Noor de Vries van gemeente Ede", "noor@gmial.com", "ja", "toch allebei", "functie: adviseur",
    "naam moet zijn Noor de Wit", "wat kost het?", "signup:more", "ik werk als projectleider", "12", "06 12345678",
    "met partners", "met 40 man", "Ede", "terug", "signup:skip:place", "in het voorjaar", "een regel\nen nog een",
    "signup:edit:email", "geen adres", "noor@example.org", "signup:edit:phone", "geen", "/mijngegevens", "ga verder",
    "signup:submit", "mijn nummer is 0612345679", "signup:submit", "/aanmelden",
)  # fmt: skip


def renamed(text: str) -> str:
    """A text in which each field and option has its other name."""
    return re.sub(rf"(?<![\w/])(?:{'|'.join(RENAMED)})(?![\w/])", lambda found: RENAMED[found[0]], text)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    """The same course, in which every field and option is called otherwise."""
    folder = Path(shutil.copytree(FOR_PROGRAMS, tmp_path_factory.mktemp("renamed") / "messages"))
    for path in [
        folder / "course.toml",
        folder / "samples.toml",
        *folder.glob("*/labels.toml"),
        *folder.glob("*/spel*"),
    ]:
        path.write_text("".join(_lines(path.read_text("utf-8"), path.stem == "samples")), encoding="utf-8")
    for path in [*folder.glob("*/signup/ask/*.html"), *folder.glob("*/signup/why/*.html")]:
        text = re.sub(
            r'set field = "(\w+)"', lambda found: f'set field = "{RENAMED[found[1]]}"', path.read_text("utf-8")
        )
        path.unlink()
        path.with_stem(RENAMED.get(path.stem, path.stem)).write_text(text, encoding="utf-8")
    for path in folder.glob("*/topic/longer_support.html"):
        text = path.read_text("utf-8").replace(
            '"interest", "longer_support"', f'"{RENAMED["interest"]}", "{RENAMED["longer_support"]}"'
        )
        path.unlink()
        path.write_text(text, encoding="utf-8")
    return Wording.load(folder, {})


def _lines(text: str, samples: bool) -> Iterable[str]:
    """Lines of a TOML file in which fields and options are called otherwise, but for what only looks so."""
    section = ""
    for line in text.splitlines(keepends=True):
        section = line.partition("#")[0].strip() if line.startswith("[") else section
        key, equals, rest = line.partition(" = ")
        if section == "[[fields]]":
            yield (
                line
                if key in ("kind", "role", "group", "required")
                else f"{key}{equals}{renamed(rest)}"
                if equals
                else renamed(line)
            )
        elif section.startswith("[options.") or section[1:-1] in (
            *CHOICES,
            "fields",
            "examples",
            "samples.by_interest",
        ):
            yield f"{RENAMED.get(key, key)}{equals}{rest}" if equals else renamed(line)
        elif not samples or section in ("[messages]", "[buttons]"):
            yield line
        else:
            yield _sample(line)


def _sample(line: str) -> str:
    """A line of samples: answers are lists of a field and what was said."""
    line = re.sub(r'(?<=\[)"(\w+)"(?=, ")', lambda one: f'"{RENAMED.get(one[1], one[1])}"', line)
    line = re.sub(r'(?<=, )"(\w+)"(?=[\],])', lambda one: f'"{RENAMED.get(one[1], one[1])}"', line)
    line = re.sub(r"signup/(ask|why)/(\w+)", lambda one: f"signup/{one[1]}/{RENAMED.get(one[2], one[2])}", line)
    return re.sub(r'^(field|interest) = "(\w+)"', lambda one: f'{one[1]} = "{RENAMED.get(one[2], one[2])}"', line)


class Talker:
    """Who says the same to either course."""

    def __init__(self, wording: Wording, ids: Mapping[str, str]) -> None:
        self.wording = wording
        self.ids = ids
        self.leads: list[Lead] = []
        self.conversation = Conversation(chat="telegram:7", language="nl")
        self.context = Context(
            now=NOW, course=wording.course, match=match, check_email=check_email, check_phone=check_phone, find=find,
            acts=acts, new_token=lambda: "tok123", new_reference=lambda: "K7RM-42XD",
        )  # fmt: skip

    def hears(self, text: str) -> list[tuple[str, str, list[str]]]:
        """What is answered: the message, what it says, and its buttons, by their names in the real course."""
        kind = Chosen if text.startswith("signup:") else Typed
        said = ":".join(self.ids.get(part, part) for part in text.split(":")) + "@tok123" if kind is Chosen else text
        turn = respond(self.conversation, happens(kind, said, id="1", chat="telegram:7", at=NOW), self.context)
        self.conversation = turn.conversation
        self.leads += [effect.lead for effect in turn.effects if isinstance(effect, LeadSaved)]
        return [self._heard(reply) for reply in turn.replies]

    def _heard(self, reply: Reply) -> tuple[str, str, list[str]]:
        back = {new: old for old, new in self.ids.items()}
        folder, _, name = reply.message.rpartition("/")
        shown = self.wording.reply(reply, "nl", "telegram")
        ids = [button for row in shown.buttons for button, _ in row]
        return (
            f"{folder}/{back.get(name, name)}",
            shown.html,
            [":".join(back.get(part, part) for part in re.split(r"[:@]", button)) for button in ids],
        )


def test_the_sign_up_is_the_same_whatever_its_fields_are_called(other: Wording) -> None:
    """Every answer, button, notice and export of a whole sign-up is the same in a course whose ids are all others."""
    own, another = Talker(worded(MESSAGES_DIR=str(FOR_PROGRAMS)), {}), Talker(other, RENAMED)
    for text in TALK:
        assert another.hears(text) == own.hears(text), text
    assert len(own.leads) == 2
    for lead, called in zip(own.leads, another.leads, strict=True):
        assert {RENAMED[name]: RENAMED.get(value, value) for name, value in lead.answers.items()} == called.answers
        assert [called.given(role) for role in OF_A_LEAD] == [lead.given(role) for role in OF_A_LEAD]
        assert called.email == lead.email == "noor@example.org"
        assert tuple(RENAMED[name] for name in lead.choices) == called.choices
        record = lead_record(called, other.form).values()
        assert [RENAMED.get(str(value), value) for value in lead_record(lead, own.wording.form).values()] == [*record]
    names = columns(own.wording.form)
    assert [RENAMED.get(name, name) for name in names] == [*columns(other.form)]


def test_no_field_and_no_option_of_this_course_stands_in_python() -> None:
    """What an organiser asks is theirs to say: the program names kinds and roles."""
    forbidden = (set(RENAMED) | set(OPTIONS)) - EVERYDAY
    found = [
        (path.name, node.lineno, node.value)
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in forbidden
    ]
    assert found == []
