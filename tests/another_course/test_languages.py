"""A course in another language: German alone from the library, and any language from another that a course has."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.questions import Matcher
from bot.questions.encoder import Encoder
from bot.wording import Wording
from bot.wording.check.check import problems
from bot.wording.newcourse import make_course
from bot.wording.translating import MARK, new_language
from tests.journey.program import running, visiting

ROOT = Path(__file__).parents[2]
ASKED = Path(__file__).with_name("asked_de.tsv")
FIVE = ("wie ist der Garten", "gibt es einen Garten", "kann man in den Garten", "Garten", "darf ich in den Garten")


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in German alone, as new-course makes it."""
    folder = tmp_path_factory.mktemp("new") / "kurs"
    make_course(folder, ["de"], {"title": '"Bienen in der Stadt"'})
    return folder


def test_a_german_course_is_in_order(german: Path) -> None:
    """What one starts from in German alone needs no mending, and has no other language's folder."""
    assert problems(german) == []
    assert [path.parent.name for path in german.glob("*/labels.toml")] == ["de"]
    wording = Wording.load(german, {})
    assert wording.languages == ("de",)
    assert wording.course.phone_regions[0] == "DE"
    assert "Bienen in der Stadt" in wording.message("topic/overview", "de", {}, "web").text
    for key in ("chat/menu", "topic/help", "topic/sign_up", "signup/ask/email"):
        assert MARK not in (german / "de" / f"{key}.html").read_text("utf-8"), key


def test_two_thirds_are_answered_in_german(german: Path) -> None:
    """Of what an organiser's people ask in words of their own, two thirds find their answer; few a wrong one."""
    matcher = Matcher.load(german, ("de",))
    asked = [line.split("\t") for line in ASKED.read_text("utf-8").splitlines()]
    right = wrong = 0
    for topic, question in asked:
        found = matcher.match(question, "de")
        told = found.topics[:1] or (("unpublished",) if found.unpublished else ("oos",))
        right += told == (topic,)
        wrong += bool(found.topics) and told != (topic,)
    assert (right * 100 >= 64 * len(asked), wrong <= 2) == (True, True), (right, wrong)


def test_five_phrases_make_a_topic(german: Path, tmp_path: Path) -> None:
    """A topic of the organiser's own answers with five phrases, untrained, also in words that are like them."""
    make_course(tmp_path / "kurs", ["de"])
    (tmp_path / "kurs/de/questions/garden.txt").write_text("\n".join(FIVE) + "\n", encoding="utf-8")
    matcher = Matcher.load(tmp_path / "kurs", ("de",))
    asked = ("gibt es dort auch einen Garten", "ist da ein Garten", "kann ich in den Garten gehen")
    assert [matcher.match(question, "de").topics for question in asked] == [("garden",)] * 3
    assert matcher.match("was kostet der Kurs", "de").topics == ("costs",)


def test_moved_phrases_are_answered_untrained(tmp_path: Path) -> None:
    """Who moves questions from one topic to another gets the other answer at once, and the first one for the rest."""
    make_course(tmp_path / "course", ["en"])
    folder = tmp_path / "course/en/questions"
    lines = (folder / "form_location.txt").read_text("utf-8").splitlines()
    online = [line for line in lines if "online" in line.casefold()]
    (folder / "form_location.txt").write_text("\n".join(line for line in lines if line not in online), encoding="utf-8")
    (folder / "materials.txt").write_text("\n".join(online), encoding="utf-8")
    matcher = Matcher.load(tmp_path / "course", ("en",))
    assert matcher.match("is it held online or on site", "en").topics == ("materials",)
    assert matcher.match("where does the course take place", "en").topics == ("form_location",)


def test_languages_that_came_in_turn_are_in_order(tmp_path: Path) -> None:
    """German beside a language that is a copy, and one that was there before in the names of others: no faults."""
    make_course(tmp_path / "course", ["it", "de"])
    assert problems(tmp_path / "course") == []
    new_language(tmp_path / "course", "en", "de")
    assert problems(tmp_path / "course") == []


async def test_people_chat_and_sign_up_in_german(german: Path, tmp_path: Path) -> None:
    """A German-only folder starts without a setting; a person asks, signs up and reads the thanks, all in German."""
    async with running(tmp_path, messages_dir=german) as program, visiting(program.url) as visitor:
        assert "noch nicht bekannt" in await visitor.says("Was kostet der Kurs?")
        await visitor.says("/anmelden")
        assert "Wie heißen Sie?" in visitor.heard[-1]["text"]
        assert "E-Mail-Adresse" in await visitor.says("Ich heiße Erika Weiß")
        assert "Stimmt das so?" in await visitor.says("erika@uni-koeln.de")
        assert "Erika Weiß" in visitor.heard[-1]["text"]
        assert "Ihre Anmeldung ist gesendet" in await visitor.says("senden")


def test_the_command_makes_a_language(tmp_path: Path) -> None:
    """Python -m bot new-language says what it made, and what is wrong use."""
    make_course(tmp_path / "course", ["en"])
    for given, code, said in ((["de", "--from", "en"], 0, "counts what is left"), (["de"], 2, "is there already")):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "new-language", *given],
            env={"MESSAGES_DIR": str(tmp_path / "course"), "PATH": "/usr/bin"},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code
        assert said in done.stdout + done.stderr


def test_more_languages_cost_who_speaks_them_alone() -> None:
    """What German and French need of the encoder is read where a course speaks one of them, and changes no other."""
    plain, german = Encoder.load().speak(("nl", "en")), Encoder.load().speak(("de",))
    assert "beside" not in str(vars(plain)["_beside"] or "")
    near = [float(one.encode(("die", "gebuhr")) @ one.encode(("the", "fee"))) for one in (plain, german)]
    assert near[1] > near[0]
