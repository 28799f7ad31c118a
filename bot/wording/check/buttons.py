"""What is wrong with the labels of buttons: they render, fit, differ where they stand together, and none is missing."""

from bot.dialogue.reading.labelled import BESIDE
from bot.dialogue.reading.spelling import plain
from bot.wording.catalogue import Catalogue
from bot.wording.check.texts import check_length
from bot.wording.language import Language
from bot.wording.records import WordingError
from bot.wording.samples import Samples

LABEL_LIMIT, TOPIC_LIMIT, BUTTON_ID_LIMIT = 40, 24, 64


def check_buttons(catalogue: Catalogue, language: Language, samples: Samples) -> None:
    """Note labels that do not render or fit on a button, that are alike or missing, and ids too long for Telegram."""
    table, labels = language.tables["labels"], language.labels
    for button_id in labels.buttons:
        values = samples.full(button_id, samples.of_button(button_id))
        try:
            label = labels.button(button_id, values)
        except WordingError as error:
            table.problem("; ".join(one.text for one in error.problems), "buttons", button_id)
        else:
            check_length(table, label, LABEL_LIMIT, "buttons", button_id)
    for topic, label in labels.sections["topics"].items():
        check_length(table, label, TOPIC_LIMIT, "topics", topic)
    for field, options in labels.options.items():
        for value, label in options.items():
            check_length(table, label, LABEL_LIMIT, "options", field, value)
    _check_course_buttons(catalogue, language)
    _check_alike(catalogue, language)


def _check_alike(catalogue: Catalogue, language: Language) -> None:
    """Buttons that stand together say different things, as a label may be typed instead of tapped."""
    labels = language.labels
    beside = [("buttons", name) for name in BESIDE]
    _check_different(language, [*beside, *(("topics", topic) for topic in catalogue.topics)])
    for field in catalogue.form.fields:
        options = [("options", field.name, value) for value in field.options if field.name in labels.options]
        ways = [("buttons", name) for name in ("signup:skip", "signup:back", "signup:cancel")]
        _check_different(language, [*beside, *ways, *options])
    _check_different(language, [("fields", field.name) for field in catalogue.form.fields])


def _check_different(language: Language, places: list[tuple[str, ...]]) -> None:
    """No two of these texts of labels.toml are alike, but for capitals, accents and punctuation."""
    table, first = language.tables["labels"], dict[str, str]()
    for place in places:
        *section, name = place
        label = table.section(*section).get(name)
        if isinstance(label, str) and first.setdefault(plain(label), name) != name:
            other = first[plain(label)]
            table.problem(f"{name} and {other} say the same, and may be offered together: change one", *place)


def _check_course_buttons(catalogue: Catalogue, language: Language) -> None:
    course = catalogue.tables["course"]
    places: list[tuple[str, tuple[str, ...]]] = [
        (button, ("menu",)) for _, _, buttons in catalogue.groups for button in buttons
    ]
    places += [(button, ("topics", topic.id, "offer")) for topic in catalogue.topics.values() for button in topic.offer]
    for button, place in places:
        try:
            language.labels.button(button)
        except WordingError:
            course.problem(f"button {button} has no label", *place)
    for topic in course.section("topics"):
        if len(f"topic:{topic}".encode()) > BUTTON_ID_LIMIT:
            course.problem(f"topic:{topic} is longer than {BUTTON_ID_LIMIT} bytes", "topics", topic)
