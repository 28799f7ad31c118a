"""Every kind of mistake an editor can make is named, by file and line."""

import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.wording import Wording, WordingError
from bot.wording.check.check import problems, warnings
from bot.wording.check.report import Report
from bot.wording.course import read_languages
from tests.frozen import MESSAGES, REAL
from tests.wording.conftest import Broken


def test_the_real_folder_has_no_problem() -> None:
    """What is shipped can be started with."""
    assert problems(REAL) == []


Mistake = Mapping[str, Any]
MISTAKES: Mapping[str, Mistake] = tomllib.loads((Path(__file__).parent / "mistakes.toml").read_text("utf-8"))


def _rounds() -> list[dict[str, Mistake]]:
    """The mistakes in as few rounds as will do: no two of a round in one file."""
    rounds: list[dict[str, Mistake]] = []
    for name, mistake in MISTAKES.items():
        for others in rounds:
            files = {other["file"] for other in others.values()}
            if mistake["file"] not in files and not any(m.get("alone") for m in (mistake, *others.values())):
                others[name] = mistake
                break
        else:
            rounds.append({name: mistake})
    return rounds


@pytest.mark.parametrize("mistakes", _rounds(), ids=lambda mistakes: next(iter(mistakes)))
def test_mistakes_are_named(broken: Broken, mistakes: Mapping[str, Mistake]) -> None:
    """An editor is told everything that is wrong, and where; in Dutch too, whatever it is, with the line."""
    for mistake in mistakes.values():
        broken.replace(mistake["file"], mistake["old"], mistake["new"] * mistake.get("times", 1))
    wrong = problems(broken.folder)
    found = [str(one) for one in wrong]
    for name, mistake in mistakes.items():
        assert any(mistake["says"] in line for line in found), (name, found)
    report = Report(broken.folder, "nl")
    assert [one.text for one in wrong if report.said(one.text) == one.text] == []
    assert all(len(list(report.lines(one))) > 1 for one in wrong if one.line)


@pytest.mark.parametrize(
    ("name", "old", "new", "hints"),
    [
        ("nl/topic/duration.html", "{{ duration }}", "{{ duratoin }}", "→ bedoel je duration?"),
        ("nl/topic/help.html", "/aanmelden", "/aanmeden", "→ bedoel je aanmelden?"),
        ("nl/topic/contact.html", "{{ contact_name }}", "Anne Kunst", "→ schrijf {{ contact_name }}: dit is dat feit"),
        ("facts.toml", 'nl = "fysiek"', 'nl = "fysiek', "→ er ontbreekt een aanhalingsteken op deze regel"),
        ("facts.toml", 'nl = "fysiek"', "nl = “fysiek”", "→ gebruik rechte aanhalingstekens"),
        ("course.toml", "[topics.exam]", "[topic.exam]", "→ bedoel je topics?"),
        ("course.toml", '"longer_support"]', '"longer_suport"]', "→ bedoel je longer_support?"),
        ("nl/topic/duration.html", "{% endif %}", "{% endfi %}", "→ bedoel je endif?"),
    ],
)
def test_what_was_meant_is_guessed(broken: Broken, name: str, old: str, new: str, hints: str) -> None:
    """Who made a slip sees the line, a mark below the place, and what was probably meant."""
    broken.replace(name, old, new)
    report = Report(broken.folder, "nl")
    shown = [line for one in problems(broken.folder) for line in report.lines(one)]
    assert any(hints in line for line in shown), shown
    assert any(line.strip("^ ") == "" and "^" in line for line in shown), shown


def test_a_missing_message_is_named(broken: Broken) -> None:
    """A message that one language lacks is named with its file."""
    (broken.folder / "en/chat/menu.html").unlink()
    assert broken.found() == ["en/chat/menu.html: this message is missing"]


def test_a_message_that_becomes_empty_is_named(broken: Broken) -> None:
    """A message that says nothing when a value is missing is a mistake."""
    broken.write("nl/contact/sent.html", "{% if reply_to %}{{ reference }} {{ reply_to }}{% endif %}")
    assert "nl/contact/sent.html: nothing is left of this message when what may be missing is missing" in broken.found()


def test_missing_tables_are_named(broken: Broken) -> None:
    """A TOML file that is not there is named, not a traceback."""
    for name in ("nl/labels.toml", "en/page.toml"):
        (broken.folder / name).unlink()
    assert broken.found() == ["en/page.toml: this file is missing", "nl/labels.toml: this file is missing"]
    (broken.folder / "facts.toml").unlink()
    assert broken.found() == ["facts.toml: this file is missing"]


def test_a_table_that_is_no_text_is_named(broken: Broken) -> None:
    """A file in another encoding is named."""
    (broken.folder / "facts.toml").write_bytes(b'title = "\xff"')
    assert broken.found() == ["facts.toml: this file cannot be read as UTF-8 text"]


def test_a_section_that_is_no_table_is_named(broken: Broken) -> None:
    """A value where a section belongs is named."""
    broken.replace("privacy.toml", "[complaints]\n", "[other]\n")
    broken.write("privacy.toml", "complaints = 3\n" + (broken.folder / "privacy.toml").read_text("utf-8"))
    assert "privacy.toml:1: complaints must be a table" in broken.found()


def test_a_start_refuses_what_the_check_finds(broken: Broken) -> None:
    """A broken folder never serves people: the start says what is wrong."""
    broken.replace("nl/topic/costs.html", "{{ costs }}", "{{ cost }}")
    with pytest.raises(WordingError, match=r"nl/topic/costs.html:2: nobody gives cost a value"):
        Wording.load(broken.folder, {})


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    """A wrong folder is named by what is missing in it."""
    assert "course.toml: this file is missing" in [str(problem) for problem in problems(tmp_path)]


def test_one_language_will_do(broken: Broken) -> None:
    """A course may have one language only."""
    broken.replace("course.toml", 'languages = ["nl", "en"]', 'languages = ["nl"]')
    shutil.rmtree(broken.folder / "en")
    assert broken.found() == []
    assert Wording.load(broken.folder, {}).languages == ("nl",)


def test_an_editor_adds_a_topic(broken: Broken) -> None:
    """A topic is a message in each language, a label, and a place in course.toml; no Python."""
    broken.replace("course.toml", '"costs", "materials",', '"costs", "materials", "soup",')
    broken.replace("course.toml", "[topics.dates]", "[topics.soup]\n\n[topics.dates]")
    for language in ("nl", "en"):
        broken.write(f"{language}/topic/soup.html", "{{ contact_name }}")
        broken.replace(f"{language}/labels.toml", "[topics]\n", '[topics]\nsoup = "Soep"\n')
    assert broken.found() == []
    changed = Wording.load(broken.folder, {})
    assert changed.course.topics["soup"].group == "practical"
    assert changed.label("topic:soup", "nl") == "Soep"


def test_what_an_operator_must_fill_in() -> None:
    """What is empty in privacy.toml is named, with its line."""
    assert [f"{one.file}:{one.line}" for one in warnings(MESSAGES)] == [f"privacy.toml:{n}" for n in (5, 6, 7, 14, 19)]


def test_a_filled_in_folder_asks_nothing_more(broken: Broken) -> None:
    """Once filled in, nothing is asked any more; and the empty complaints authority is."""
    for old, new in (
        ('organisation = ""', 'organisation = "Stichting Voorbeeld"'),
        ('address = ""', 'address = "Plein 1"'),
        ('contact = ""', 'contact = "privacy@example.org"'),
        ('conversation = ""', 'conversation = "legitimate_interest"'),
        ("none = false", "none = true"),
    ):
        broken.replace("privacy.toml", old, new)
    assert warnings(broken.folder) == []
    broken.replace("privacy.toml", "Autoriteit Persoonsgegevens", "")
    assert "fill in the authority for complaints" in str(warnings(broken.folder)[0])


@pytest.mark.parametrize(
    ("name", "told"),
    [
        *((name, f"{name}.toml") for name in ("course", "facts", "nl/labels", "nl/spellings", "nl/page")),
        ("samples", "nobody gives chat_id a value"),
    ],
)
def test_an_empty_table_is_named(broken: Broken, name: str, told: str) -> None:
    """A TOML file with nothing in it is told from what it should have, never with a traceback."""
    broken.write(f"{name}.toml", "")
    assert any(told in problem for problem in broken.found())


def test_brackets_without_end(broken: Broken) -> None:
    """A file that something other than an editor wrote is named as any other mistake is."""
    broken.write("facts.toml", f"price = {'[' * 5000}{']' * 5000}")
    assert broken.found() == ["facts.toml: this file has brackets within brackets without end"]


def test_an_empty_privacy_table_is_to_be_filled_in(broken: Broken) -> None:
    """Without anything in it the bot can run; each thing that an organisation has to say there is named."""
    broken.write("privacy.toml", "")
    assert broken.found() == []
    told = "\n".join(map(str, warnings(broken.folder)))
    wanted = ("organisation", "address", "contact", "interest", "question", "conversation", "processors", "authority")
    assert [name for name in wanted if name not in told] == []


def test_phrases_are_held_against_the_topics(broken: Broken) -> None:
    """Phrases of no topic, phrases of two topics and files that are no text are named."""
    (broken.folder / "nl/questions").mkdir()
    (broken.folder / "nl/questions/_words.txt").write_bytes(b"asks: wat, hoe\n\xff")
    broken.write("nl/questions/costs.txt", "# geld\nWat kost het?\n\nhoe duur\n")
    broken.write("nl/questions/dates.txt", "wanneer\nwat kost het\n")
    broken.write("nl/questions/soup.txt", "is er soep\n")
    (broken.folder / "nl/questions/oos.txt").write_bytes(b"\xff")
    assert broken.found() == [
        "nl/questions/_words.txt: this file cannot be read as UTF-8 text",
        "nl/questions/dates.txt:2: 'wat kost het' stands in nl/questions/costs.txt:2 too: keep one of them",
        "nl/questions/oos.txt: this file cannot be read as UTF-8 text",
        "nl/questions/soup.txt: course.toml has no [topics.soup], so nobody gets an answer to these questions",
    ]


def test_phrases_of_acts_are_held_against_the_acts(broken: Broken) -> None:
    """A file of no act and a sentence in two acts are named; one more sentence in a course's own file is fine."""
    (broken.folder / "acts.npz").unlink()
    (broken.folder / "nl/acts").mkdir()
    broken.write("nl/acts/halt.txt", "stop de persen\n")
    broken.write("nl/acts/wish.txt", "doe mij ook maar\nLaat ook maar!\n")
    broken.write("nl/acts/sorry.txt", "mijn fout\ndoe mij ook maar...\n")
    unknown, twice = broken.found()
    assert unknown.startswith("nl/acts/halt.txt: there is no act halt; there are: wish, no_wish, stop")
    assert twice == ("nl/acts/wish.txt:1: 'doe mij ook maar' stands in nl/acts/sorry.txt:2 too: keep one of them")


def test_a_message_that_is_no_text_is_named(broken: Broken) -> None:
    """A message in another encoding is named with its file."""
    (broken.folder / "nl/topic/costs.html").write_bytes(b"\xff{{ costs }}")
    assert broken.found() == ["nl/topic/costs.html: this file cannot be read as UTF-8 text"]


@pytest.mark.parametrize("name", ["nl/signup/_given.html", "nl/mail/_about.txt", "mail/_mail.html", "_show.html"])
def test_a_partial_that_is_no_text_is_named(broken: Broken, name: str) -> None:
    """A partial in another encoding is named with its file, and nothing else is said."""
    (broken.folder / name).write_bytes(b"\xff{{ answer }}")
    assert broken.found() == [f"{name}: this file cannot be read as UTF-8 text"]


def test_partials_that_import_each_other_are_named(broken: Broken) -> None:
    """Files that need each other, in whatever way, are one line that names one of them; never a traceback."""
    show = (broken.folder / "_show.html").read_text("utf-8")
    broken.write("_show.html", '{% import "_other.html" as other %}' + show)
    broken.write("_other.html", '{% import "_show.html" as show %}')
    (line,) = broken.found()
    assert line.startswith(("_show.html:", "_other.html:"))
    assert line.endswith(" files that include or call each other in a circle")


def test_a_command_without_languages_says_so(broken: Broken) -> None:
    """Who asks in the terminal is told on one line that the course's languages cannot be read."""
    broken.write("course.toml", 'languages = "nl"\n')
    with pytest.raises(WordingError, match=r"^course.toml:1: languages must be a list of texts$"):
        read_languages(broken.folder)


def test_tables_that_are_none_are_named(broken: Broken) -> None:
    """A text where a list of tables or a pair belongs is named, each on a line of its own."""
    course = (broken.folder / "course.toml").read_text("utf-8").replace("[[menu]]", "[[carte]]")
    broken.write("course.toml", 'menu = "all"\n' + course)
    broken.replace("samples.toml", 'draft = [["interest", "crash_course"], ', 'draft = [["interest"], ')
    course_line, sample_line = broken.found()
    assert course_line == "course.toml:1: menu must be tables, each under a line [[menu]]"
    pair = "samples.draft must be a list of [field, answer], both texts between quotes"
    assert sample_line == f"samples.toml:{_line(broken, 'samples.toml', 'draft')}: {pair}"


def _line(broken: Broken, name: str, opening: str) -> int:
    lines = (broken.folder / name).read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(opening))
