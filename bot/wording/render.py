"""From a reply's key and values to what a channel shows."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from bot.dialogue.answering.mydata import DATA_PAGE, FILE_NAME, page_values
from bot.dialogue.asks import Ask, Given
from bot.dialogue.channels import MESSAGE_LIMIT, traits_of
from bot.dialogue.context import Course
from bot.dialogue.fields import Form
from bot.dialogue.records import File, Keyboard, Reply, Rows
from bot.wording.catalogue import Catalogue
from bot.wording.check.check import examine
from bot.wording.cleaning import one_line, shortened
from bot.wording.colours import colours_of
from bot.wording.keys import MAIL_PARTS
from bot.wording.marks import marks_of
from bot.wording.markup import cut, parsed_length, to_text, units
from bot.wording.records import Mail, Rendered, TelegramTexts, WordingError
from bot.wording.shelf import keep, recall
from storage.contents import Buttons

SUBJECT_LIMIT = 150  #: characters of a mail's subject
SHORTER = (1000, 400, 150, 60)  #: to how many characters values are cut, in turn, until a message fits
SHOWING = frozenset(("answers", "leads"))  #: values of a message that holds what its summary lists
_EMPTY_LINES = re.compile(r"\n[ \t]*\n[ \t\n]*\n")


class Wording:
    """All words of one messages folder. Makes no decisions and keeps no state but caches of what never changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._languages = catalogue.languages
        self.languages: tuple[str, ...] = catalogue.codes
        self.course: Course = catalogue.course()
        self.form: Form = self.course.form
        self.colours: Mapping[str, str] = colours_of(catalogue.tables.get("page"))
        #: the pictures of the course: the ending of each one's file, and its content
        self.marks: Mapping[str, tuple[str, bytes]] = marks_of(catalogue.folder, catalogue.tables.get("page"))
        #: the contact persons, each with name, email and phone; None for what is not known
        self.contacts: tuple[Mapping[str, str | None], ...] = catalogue.contacts()
        self.consent_version: str = self.course.consent_version
        self._pages = {code: language.page() for code, language in self._languages.items()}
        self._telegram = {code: language.telegram() for code, language in self._languages.items()}
        self._plain = lru_cache(maxsize=1024)(self._render_plain)

    @classmethod
    def load(cls, folder: Path, facts: Mapping[str, object], shelf: Path | None = None) -> Self:
        """
        Read and check a messages folder; ``facts`` are those of the settings. Raises WordingError.

        ``shelf``: the file where what was compiled is kept for the next start.
        """
        kept = recall(shelf) if shelf else frozenset()
        catalogue = Catalogue(folder, facts)
        problems = examine(catalogue)
        if problems:
            raise WordingError(tuple(problems))
        made = cls(catalogue)
        compiled = {key for language in catalogue.languages.values() for key in language.templates.keys}
        if shelf and compiled != kept:
            keep(shelf, compiled)
        return made

    def reply(self, reply: Reply, language: str, channel: str, *, whole: bool = False) -> Rendered:
        """
        The reply with its buttons, in its own language or else in ``language``.

        ``whole``: nothing of it is shortened, however long it is; a channel with a greatest length takes it in parts.
        """
        code = self._known(reply.language or language)
        body = self._whole if whole else self._body
        html, text = body(reply.message, code, reply.values, channel)
        sharing = reply.keyboard is Keyboard.SHARE_PHONE
        return Rendered(
            html=html,
            text=text,
            topic=reply.topic,
            buttons=self._buttons(reply.buttons, code),
            keyboard=reply.keyboard,
            share_label=self._languages[code].labels.of("keyboard", reply.keyboard.value) if sharing else None,
            file=self._readable(reply.file, code) if reply.file else None,
            language=None if code == self._known(language) else code,
            ask=self._asked(reply.ask, code) if reply.ask else None,
            summary=tuple(self._given(given, code) for given in reply.summary),
            around=self._around(reply, code, channel)
            if reply.summary and not SHOWING.isdisjoint(reply.values)
            else None,
            roles={one.id: str(one.role) for row in reply.buttons for one in row if one.role},
            groups=tuple((self._languages[code].labels.of("groups", group), rows) for group, rows in reply.groups),
            refused=reply.refused,
        )

    def _readable(self, file: File, language: str) -> File:
        """The file; a person's own data with the same for people to read."""
        if file.name != FILE_NAME:
            return file
        return replace(file, page=self.data_page(str(file.content), language))

    def data_page(self, content: str, language: str) -> str:
        """What is kept of a person, as a web page that stands on its own. ``content``: the same, as JSON."""
        code = self._known(language)
        values = page_values(json.loads(content), self.form)
        return f"{_tidy(self._languages[code].render(f'{DATA_PAGE}.html', values, 'web'))}\n"

    def _asked(self, ask: Ask, language: str) -> Mapping[str, str | int]:
        """What is asked for, with what the field is called."""
        asked = {"label": self._languages[language].labels.of("fields", ask.field), **asdict(ask)}
        return {key: value for key, value in asked.items() if value is not None}

    def _given(self, given: Given, language: str) -> Mapping[str, str]:
        """An answer with what its field is called, as people read it."""
        labels = self._languages[language].labels
        row = {"field": given.field, "label": labels.of("fields", given.field)}
        shown = {**row, "value": labels.shown(given.field, given.value), "edit": given.edit}
        return {key: value for key, value in shown.items() if value is not None}

    def _around(self, reply: Reply, language: str, channel: str) -> tuple[str, str]:
        """The message without the answers it shows: its first paragraph, and what follows."""
        without: dict[str, Any] = {**reply.values, "answers": ()}
        if "leads" in without:
            without["leads"] = [{**lead, "answers": ()} for lead in without["leads"]]
        html, _ = self._body(reply.message, language, without, channel)
        above, _, below = html.partition("\n\n")
        return above, below

    def message(self, key: str, language: str, values: Mapping[str, object], channel: str) -> Rendered:
        """One message without buttons, by its key, as that channel shows it. Raises WordingError."""
        html, text = self._body(key, self._known(language), values, channel)
        return Rendered(html=html, text=text)

    def mail(self, key: str, language: str, values: Mapping[str, object]) -> Mail:
        """One mail; its subject is one line, whatever the values hold."""
        known = self._languages[self._known(language)]
        subject, text, html = (known.render(f"{key}/{part}", values, "mail") for part in MAIL_PARTS)
        return Mail(subject=one_line(subject, SUBJECT_LIMIT), text=f"{_tidy(text)}\n", html=f"{_tidy(html)}\n")

    def label(self, button_id: str, language: str, values: Mapping[str, object] | None = None) -> str:
        """The label of a button, with what differs per person from ``values``. Raises WordingError."""
        return self._languages[self._known(language)].labels.button(button_id, values)

    def chosen(self, html: str, label: str, language: str) -> str:
        """A message's HTML with the choice that was made beneath it; ``html`` is trusted, ``label`` is not."""
        known = self._languages[self._known(language)]
        room = MESSAGE_LIMIT - units(label) - 100
        return _tidy(known.render("chat/chosen.html", {"html": cut(html, room), "label": label}, "telegram"))

    def page(self, language: str) -> Mapping[str, str]:
        """The strings of the web page."""
        return self._pages[self._known(language)]

    def telegram(self, language: str) -> TelegramTexts:
        """What Telegram shows of the bot."""
        return self._telegram[self._known(language)]

    def default(self, wanted: str) -> str:
        """The language to begin in: the wanted one, or else the course's first."""
        return self._known(wanted)

    def _known(self, language: str) -> str:
        return language if language in self._languages else self.languages[0]

    def _body(self, key: str, language: str, values: Mapping[str, Any], channel: str) -> tuple[str, str]:
        return self._fitting(key, language, values, channel) if values else self._plain(key, language, channel)

    def _render_plain(self, key: str, language: str, channel: str) -> tuple[str, str]:
        return self._fitting(key, language, {}, channel)

    def _whole(self, key: str, language: str, values: Mapping[str, Any], channel: str) -> tuple[str, str]:
        html = _tidy(self._languages[language].render(f"{key}.html", values, channel))
        return html, to_text(html)

    def _fitting(self, key: str, language: str, values: Mapping[str, Any], channel: str) -> tuple[str, str]:
        """The message as HTML and text; where its length is limited, its longest values are shortened till it fits."""
        render = self._languages[language].render
        html = _tidy(render(f"{key}.html", values, channel))
        if traits_of(channel).longest and not _fits(html):
            for size in SHORTER:
                html = _tidy(render(f"{key}.html", {k: shortened(v, size) for k, v in values.items()}, channel))
                if _fits(html):
                    break
            html = cut(html)
        return html, to_text(html)

    def _buttons(self, rows: Rows, language: str) -> Buttons:
        label = self._languages[language].labels.button
        return tuple(
            tuple((button.id, label(button.says or button.id, button.values)) for button in row) for row in rows
        )


def _fits(html: str) -> bool:
    return units(html) <= MESSAGE_LIMIT or parsed_length(html) <= MESSAGE_LIMIT


def _tidy(text: str) -> str:
    """``text`` without blank space around it, two empty lines in a row, or one behind a quotation."""
    tidy = _EMPTY_LINES.sub("\n\n", text.strip())
    return tidy.replace("</blockquote>\n\n", "</blockquote>\n") if "</blockquote>" in tidy else tidy
