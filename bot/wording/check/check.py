"""What is wrong in a messages folder, and what is still to be filled in, by file and line."""

from pathlib import Path

from bot.wording.catalogue import Catalogue
from bot.wording.check.acts import act_problems
from bot.wording.check.buttons import check_buttons
from bot.wording.check.labels import check_labels
from bot.wording.check.messages import files_of, message_problems
from bot.wording.check.page import check_page
from bot.wording.check.phrases import phrase_problems
from bot.wording.check.raw import check_raw_facts
from bot.wording.check.spellings import check_spellings
from bot.wording.check.telegram import check_telegram
from bot.wording.check.translated import in_another_language, left_to_translate, untranslated
from bot.wording.check.unknown import check_unknown, strange_files, strange_questions, unasked_topics
from bot.wording.check.unshown import unshown_facts
from bot.wording.colours import check_colours
from bot.wording.course import check_course, participants_of
from bot.wording.facts import check_facts, check_privacy, to_fill_in
from bot.wording.form import check_form
from bot.wording.keys import key_of
from bot.wording.marks import check_marks
from bot.wording.records import Problem, WordingError
from bot.wording.samples import Samples
from bot.wording.tables import Table


def problems(folder: Path) -> list[Problem]:
    """Everything that is wrong in ``folder``; empty when the program can be started with it."""
    try:
        catalogue = Catalogue(folder, {})
        slips = [*untranslated(catalogue), *strange_files(catalogue), *strange_questions(catalogue)]
        check_unknown(catalogue)
        return sorted({*slips, *examine(catalogue), *phrase_problems(catalogue), *act_problems(catalogue)})
    except WordingError as error:
        return sorted(error.problems)


def warnings(folder: Path) -> list[Problem]:
    """What an operator still has to fill in before people's details may be taken."""
    table = Table(folder, "privacy.toml")
    to_fill_in(table)
    return sorted(set(table.problems))


def advice(folder: Path) -> list[Problem]:
    """
    What stops nothing, but is hardly meant so: facts that no message shows, topics that nobody's question finds, what
    is marked as not translated, or reads as another language.

    Empty for a folder that is broken.
    """
    try:
        catalogue = Catalogue(folder, {})
        untold = (*left_to_translate(catalogue), *in_another_language(catalogue))
        return sorted([*unshown_facts(catalogue), *unasked_topics(catalogue), *untold])
    except WordingError:
        return []


def examine(catalogue: Catalogue) -> list[Problem]:
    """Everything that is wrong in a folder that could be read."""
    samples = Samples(catalogue.tables["samples"], catalogue.form)
    present = {name for language in catalogue.languages.values() for name in language.templates.names}
    _check_tables(catalogue, samples, present)
    for language in catalogue.languages.values():
        language.templates.shower.strict = True
    try:
        found = list(message_problems(catalogue, samples))
    finally:
        for language in catalogue.languages.values():
            language.templates.shower.strict = False
            language.templates.steps.let_go()
    return sorted({*found, *(problem for table in catalogue.all_tables() for problem in table.problems)})


def _check_tables(catalogue: Catalogue, samples: Samples, present: set[str]) -> None:
    """Note in each TOML file what is wrong with it."""
    course = catalogue.tables["course"]
    topics = {name.removeprefix("topic/").removesuffix(".html") for name in present if name.startswith("topic/")}
    check_course(course, catalogue.groups, catalogue.topics, topics - catalogue.waiting)
    check_form(course, catalogue.facts[catalogue.codes[0]])
    check_facts(catalogue.tables["facts"], catalogue.codes)
    check_raw_facts(catalogue.tables["facts"])
    check_privacy(catalogue.tables["privacy"])
    if "page" in catalogue.tables:
        check_colours(catalogue.tables["page"])
        check_marks(catalogue.folder, catalogue.tables["page"])
    samples.check({key_of(name) for name in files_of(catalogue)})
    for code, language in catalogue.languages.items():
        prose = catalogue.prose(code)
        participants_of(course, catalogue.facts[code])
        check_labels(catalogue, language, prose)
        check_buttons(catalogue, language, samples)
        check_spellings(catalogue, language)
        check_page(language, prose, tuple(f"topic:{topic}" for topic in catalogue.topics))
        check_telegram(language, prose)
