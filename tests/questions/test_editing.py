"""What an editor changes in the phrases, and when it works."""

import shutil
from pathlib import Path

import pytest

from bot.questions import Matcher
from bot.questions.freshness import stale
from bot.questions.weights import FILE, DamagedWeights, Weights
from tests.frozen import MESSAGES
from tests.questions.conftest import LANGUAGES


@pytest.fixture
def own_messages(tmp_path: Path) -> Path:
    """A copy of the question phrases with their weights, to be edited."""
    for language in LANGUAGES:
        shutil.copytree(MESSAGES / language / "questions", tmp_path / language / "questions")
    for name in (FILE, "facts.toml"):
        shutil.copy(MESSAGES / name, tmp_path / name)
    return tmp_path


def add(folder: Path, topic: str, *phrases: str) -> None:
    """Write phrases at the end of a topic's file."""
    with (folder / "nl" / "questions" / f"{topic}.txt").open("a", encoding="utf-8") as file:
        file.write("".join(f"{phrase}\n" for phrase in phrases))


def test_the_weights_know_all_phrases() -> None:
    """What is delivered was trained on the phrases that are delivered."""
    assert stale(MESSAGES) is None


def test_an_added_phrase_works_after_the_next_start(own_messages: Path) -> None:
    """A question an editor adds is answered without training; so is one that is much like it."""
    asked = "is er ook een kwispelkorting voor wadlopers"
    assert Matcher.load(own_messages, LANGUAGES).match(asked, "nl").topics == ()
    add(own_messages, "costs", asked)
    matcher = Matcher.load(own_messages, LANGUAGES)
    assert matcher.match(asked.title() + "?!", "nl").topics == ("costs",)
    assert matcher.match("is er een kwispelkorting voor de wadlopers", "nl").topics == ("costs",)


def test_check_says_that_training_is_due(own_messages: Path) -> None:
    """`check` tells how many phrases changed, and what to run."""
    assert stale(own_messages) is None
    add(own_messages, "costs", "een nieuwe vraag over geld", "en nog een")
    advice = stale(own_messages)
    assert advice is not None
    assert "2 added and 0 removed" in advice
    assert "make questions" in advice


def test_a_new_topic_works_without_training(own_messages: Path) -> None:
    """A topic that the weights do not know is answered by its phrases."""
    add(
        own_messages, "certificate", "krijg ik een kwaliteitszegel", "bestaat er een kwaliteitszegel voor deze training"
    )
    found = Matcher.load(own_messages, LANGUAGES).match("krijg ik ook een kwaliteitszegel?", "nl")
    assert found.topics == ("certificate",)


def test_a_topic_that_is_gone_is_not_answered(own_messages: Path) -> None:
    """What the weights still know but the course no longer has is neither answered nor offered."""
    for language in LANGUAGES:
        (own_messages / language / "questions" / "costs.txt").unlink()
    found = Matcher.load(own_messages, LANGUAGES).match("wat kost het dan precies voor ons", "nl")
    assert "costs" not in found.topics + found.suggestions


def test_a_course_without_weights_understands_its_phrases(small_course: Path) -> None:
    """A new course works before anyone trained it, and offers what is near."""
    matcher = Matcher.load(small_course, ("nl", "en"))
    assert matcher.match("Wat kost het?", "nl").topics == ("costs",)
    assert matcher.match("wanneer begint cursus", "nl").topics == ("dates",)
    assert matcher.match("krijg ik een diploma", "nl").unpublished
    assert matcher.match("regent het", "nl").topics == ()
    assert "costs" in matcher.match("de prijzen", "nl").suggestions
    assert matcher.match("zzz", "nl").suggestions == ()


def train(folder: Path) -> int:
    """Run the training; scikit-learn, which takes seconds to load, is loaded only where a test needs it."""
    from scripts.training.train import main

    return main([str(folder)])


def test_training_makes_the_same_weights_again(small_course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same phrases give the same bytes, and the table is shown."""
    assert train(small_course) == 0
    first = (small_course / FILE).read_bytes()
    assert train(small_course) == 0
    assert (small_course / FILE).read_bytes() == first
    shown = capsys.readouterr().out
    assert "answered directly from" in shown
    assert "nl  right" in shown
    assert stale(small_course) is None


def test_a_trained_small_course_answers(small_course: Path) -> None:
    """A course in one language can be trained, and knows its language."""
    train(small_course)
    found = Matcher.load(small_course, ("nl",)).match("hoe duur is die cursus nou", "nl")
    assert (found.topics or found.suggestions)[0] == "costs"
    assert found.language == "nl"


def test_training_tells_what_to_add_next(small_course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An organiser reads each topic's figures and phrases, theirs first, small talk apart, and what to add next."""
    (small_course / "course.toml").write_text('languages = ["nl"]\nsmall_talk = ["greeting"]\n', encoding="utf-8")
    (small_course / "nl/questions/greeting.txt").write_text("hallo\ngoedemorgen\nhoi\n", encoding="utf-8")
    assert train(small_course) == 0
    shown = capsys.readouterr().out
    topics = [line.split()[0] for line in shown.splitlines() if " phrases " in line and "% of" in line]
    assert set(topics[:2]) == {"costs", "dates"}
    assert set(topics[2:]) == {"greeting", "oos", "unpublished"}
    assert "without small talk" in shown
    added = shown[shown.index("Add next:") :]
    assert "costs (5 phrases): more like" in added or "dates (5 phrases): more like" in added
    assert "greeting" not in added.partition("phrases; weights")[0]


def test_a_training_that_cannot_write_leaves_the_old(small_course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the disk is full while weights are written, those that were there stay whole, and nothing half is left."""
    train(small_course)
    before = (small_course / FILE).read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    weights = Weights.load(small_course / FILE)
    assert weights
    with pytest.raises(OSError, match="No space"):
        weights.save(small_course / FILE, ())
    assert (small_course / FILE).read_bytes() == before
    assert not list(small_course.glob("*.part"))


def test_a_folder_without_phrases_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Training on the wrong folder says so."""
    assert train(tmp_path) == 1
    assert "No question phrases" in capsys.readouterr().err


def test_weights_of_another_version_are_left_alone(small_course: Path) -> None:
    """A file that this version cannot read counts as no weights, not as an error."""
    import numpy as np

    np.savez(small_course / FILE, labels=np.zeros(3))
    assert Weights.load(small_course / FILE) is None
    assert Matcher.load(small_course, ("nl",)).match("wat kost het", "nl").topics == ("costs",)
    assert stale(small_course) is not None


@pytest.mark.parametrize("left", [0, 100, 20_000, -1_000], ids=["nothing", "its beginning", "half", "no end"])
def test_a_damaged_file_of_weights_is_named(own_messages: Path, left: int) -> None:
    """A file that was not copied whole stops the start with one line that says what makes it anew."""
    weights = own_messages / FILE
    weights.write_bytes(weights.read_bytes()[:left])
    with pytest.raises(DamagedWeights, match=r"damaged questions\.npz; `make questions` makes it anew"):
        Matcher.load(own_messages, ("nl",))
    assert "damaged questions.npz" in (stale(own_messages) or "")
