"""The whole messages folder, read: tables, languages, course. Says nothing to anyone; render.py does."""

import hashlib
from collections.abc import Mapping
from itertools import product
from pathlib import Path
from typing import Any

from bot.dialogue.channels import CHANNELS
from bot.dialogue.context import Course
from bot.wording import course as courses
from bot.wording import facts as known
from bot.wording.colours import colours_of
from bot.wording.files import endless
from bot.wording.form import declared, form_of, of_facts
from bot.wording.language import Language
from bot.wording.prose import Prose
from bot.wording.records import WordingError
from bot.wording.tables import Table

CONSENT_TEXTS = ("signup/_notice.html", "signup/_consent.html", "topic/privacy.html")


class Catalogue:
    """A messages folder and the facts of the settings; raises WordingError when it cannot be read at all."""

    def __init__(self, folder: Path, settings: Mapping[str, object]) -> None:
        if unread := endless(folder):
            raise WordingError(unread)
        self.folder = folder
        self.settings = known.settings_facts(settings)
        self.tables = {name: Table(folder, f"{name}.toml") for name in ("course", "facts", "samples", "privacy")}
        if (folder / "page.toml").is_file():
            self.tables["page"] = Table(folder, "page.toml")
        self.codes = courses.languages_of(self.tables["course"])
        zone = courses.zone_of(self.tables["course"])
        self._refuse_unreadable()
        self.languages = {code: Language(folder, code, zone) for code in self.codes}
        self._refuse_unreadable()
        self.facts = {code: self._facts(code) for code in self.codes}
        topics = self.tables["course"].section("topics")
        self.waiting = courses.waiting_topics(folder, self.codes, topics, self.facts[self.codes[0]])
        own = self.facts[self.codes[0]]
        self.declared = [one["id"] for one in declared(self.tables["course"])]
        self.form = form_of(self.tables["course"], own, courses.participants_of(self.tables["course"], own))
        self.groups = courses.without(courses.groups_of(self.tables["course"]), self.waiting)
        self.topics = courses.topics_of(self.tables["course"], self.groups, self.waiting)
        own_names = {code: language.labels.name for code, language in self.languages.items()}
        for code, language in self.languages.items():
            language.labels.own_names = own_names
            language.take_form(self.form, of_facts(self.tables["course"], own, self.facts[code]))
            language.prepare(self.facts[code], [(group, topics) for group, topics, _ in self.groups])
            language.look(colours_of(self.tables.get("page")))

    def all_tables(self) -> list[Table]:
        """Every TOML file that was read."""
        return [*self.tables.values(), *(t for lang in self.languages.values() for t in lang.tables.values())]

    def _refuse_unreadable(self) -> None:
        languages = getattr(self, "languages", {}).values()
        tables = [*self.tables.values(), *(table for language in languages for table in language.tables.values())]
        problems = [problem for table in tables if not table.readable for problem in table.problems]
        if not self.codes:
            problems += self.tables["course"].problems
        if problems:
            raise WordingError(tuple(sorted(set(problems))))

    def _facts(self, code: str) -> dict[str, Any]:
        labels = self.languages[code].labels
        basis = labels.sections["basis"]
        facts = known.facts_of(self.tables["facts"].values, code, self.codes)
        return {
            **self.settings,
            **facts,
            **known.contact_facts(facts, self.settings, labels.either),
            "privacy": known.privacy_facts(self.tables["privacy"], basis),
        }

    def prose(self, code: str) -> Prose:
        """What finds the course's own facts in the sentences of a language."""
        own = self.tables["facts"].values
        return Prose({name: value for name, value in self.facts[code].items() if name in own})

    def contacts(self) -> tuple[Mapping[str, str | None], ...]:
        """The contact persons, each with name, email and phone."""
        return tuple(self.facts[self.codes[0]].get("contacts", ()))

    def course(self) -> Course:
        """What the dialogue decides with."""
        return Course(
            languages=self.codes,
            phone_regions=courses.phone_regions_of(self.tables["course"], self.codes),
            topics=self.topics,
            form=self.form,
            menu=courses.menu_rows(self.groups),
            menu_groups=courses.menu_groups(self.groups),
            participants=courses.participants_of(self.tables["course"], self.facts[self.codes[0]]),
            consent_version=self.consent_version(),
            spellings={code: language.spellings() for code, language in self.languages.items()},
            labels=self._typed_labels(),
            months={code: language.dates.months for code, language in self.languages.items()},
        )

    def _typed_labels(self) -> dict[str, frozenset[str]]:
        """What buttons say in any language, and which buttons say it."""
        found: dict[str, set[str]] = {}
        for language in self.languages.values():
            for label, button in language.typed_labels(self.topics):
                found.setdefault(label, set()).add(button)
        return {label: frozenset(buttons) for label, buttons in found.items()}

    def consent_version(self) -> str:
        """
        The declared version and a hash of what people are told before they agree.

        The hash covers the notice, the consent line and the privacy text as rendered with the facts and settings, in
        all languages and channels: so no change of what is agreed to can go without a new version, even one that
        nobody thought of.
        """
        digest = hashlib.sha256()
        for language in self.languages.values():
            for name, channel in product(CONSENT_TEXTS, CHANNELS):
                digest.update(language.render(name, {}, channel).encode() + b"\0")
        return f"{self.tables['course'].values.get('consent_version', '')}-{digest.hexdigest()[:8]}".removeprefix("-")
