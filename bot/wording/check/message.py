"""What is wrong with one message file: missing, broken, illegal, too long, or with facts in its sentences."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, TemplateNotFound

from bot.dialogue.channels import MESSAGE_LIMIT
from bot.wording.check.partials import raw_markup
from bot.wording.check.raw import raw_in_template
from bot.wording.check.states import Known, states
from bot.wording.facts import SETTINGS, contact_facts
from bot.wording.keys import DOCUMENTS, key_of
from bot.wording.language import Language
from bot.wording.markup import faults, parsed_length
from bot.wording.prose import Prose
from bot.wording.records import Problem, WordingError
from bot.wording.samples import NO_PRIVACY, Samples
from bot.wording.templates import explained

#: another contact person, for what is said of several
MORE = {"name": "Noor de Boer", "email": "noor@example.org", "phone": "+31 20 765 4321"}
#: what may be other than in the first rendering although no placeholder differs
VARYING = frozenset(("channel", "privacy", "contacts", *SETTINGS, "staff_chat_on"))
_ENDLESS = 20 * MESSAGE_LIMIT  #: characters with which a message is too long, whatever is markup in it
SAFE_IN = "chat/chosen.html"  #: the only message that shows markup it is given


class MessageCheck:
    """Checks one message file of one language."""

    def __init__(self, language: Language, samples: Samples, name: str, known: Known) -> None:
        """Take what to check, and the facts that may be known or not."""
        self.used: dict[str, int] | None = None  #: the placeholders it shows -> line; None when it cannot be read
        self._language = language
        self._samples = samples
        self._known = known
        self._name = name
        self._key = key_of(name)
        self._declared = samples.of_message(self._key)
        self._names: frozenset[str] = frozenset()

    def problems(self, prose: Prose) -> Iterator[Problem]:
        """All that is wrong with this file."""
        try:
            source = self._language.templates.source(self._name)
        except TemplateNotFound:
            yield self._problem("this message is missing")
            return
        except TemplateError as error:
            yield self._broken(error)
            return
        yield from (self._problem(text, line) for line, text in prose.in_template(source.text))
        if self._name.endswith(".html") and not self._name.startswith(DOCUMENTS):
            commands = () if self._name.startswith("staff/") else self._language.commands()
            yield from (self._problem(text, line) for line, text in raw_in_template(source.text, commands))
        if self._name != SAFE_IN:
            yield from (self._problem(text, line) for line, text in raw_markup(source))
        unknown = list(self._unknown())
        yield from unknown or self._render_problems()

    def _problem(self, text: str, line: int = 0) -> Problem:
        return Problem(file=f"{self._language.code}/{self._name}", line=line, text=text)

    def _broken(self, error: TemplateError) -> Problem:
        text, line = explained(error)
        file = self._language.templates.file_of(error) or f"{self._language.code}/{self._name}"
        return Problem(file=file, line=line, text=text)

    def _unknown(self) -> Iterator[Problem]:
        """Names that nobody gives a value; notes the placeholders that are shown."""
        templates = self._language.templates
        try:
            names = templates.all_names(self._name)
        except TemplateNotFound as error:
            yield self._problem(f"it includes {error.name}, which is not there")
            return
        except TemplateError as error:
            yield self._broken(error)
            return
        self._names = frozenset(names)
        used = self.used = {}
        for name, (file, line) in names.items():
            if name in self._declared:
                used[name] = line
            elif name != "channel" and name not in templates.environment.globals:
                known = ", ".join(self._declared) or "none"
                text = f"nobody gives {name} a value; this message's placeholders: {known}"
                yield Problem(file=f"{self._language.code}/{file}", line=line, text=text)

    def _render_problems(self) -> Iterator[Problem]:
        for values, channel in self._variants():
            try:
                shown = self._language.render(self._name, values, channel)
            except WordingError as error:
                yield from error.problems
                return
            found = list(self._faults(shown))
            if found:
                yield from found
                return

    def _variants(self) -> Iterable[tuple[dict[str, Any], str]]:
        channel = self._name.partition("/")[0]
        full, bare = self._samples.full(self._key, self._declared), self._samples.bare(self._key, self._declared)
        known = channel if channel in ("mail", "staff") else ""
        given, several = self._samples.settings(), {"contacts", "contact_name"} & self._names
        yield {**given, **self._contacts(given), **full}, known or "telegram"
        if several:
            yield {**given, **self._contacts(given, more=True), **full}, known or "telegram"
        if full != bare or not self._names.isdisjoint(VARYING):
            nothing = self._samples.nothing_set()
            yield {**nothing, **self._contacts(nothing), "privacy": NO_PRIVACY, **bare}, known or "web"
        for state in states({name: value for name, value in self._known.items() if name in self._names}):
            yield {**self._samples.settings(), **state, **full}, known or "telegram"

    def _contacts(self, settings: Mapping[str, object], *, more: bool = False) -> dict[str, Any]:
        globals_: Mapping[str, Any] = self._language.templates.environment.globals
        contacts = [{"name": name} for name in globals_.get("contact_names", ())]
        return contact_facts(
            {"contacts": [*contacts, MORE] if more else contacts}, settings, self._language.labels.either
        )

    def _faults(self, shown: str) -> Iterator[Problem]:
        if not shown.strip():
            yield self._problem("nothing is left of this message when what may be missing is missing")
        if self._name.startswith(DOCUMENTS):
            return
        endless = len(shown) > _ENDLESS  # taking it apart would take minutes
        yield from (self._problem(text) for text in (() if endless else faults(shown)))
        length = len(shown) if endless else parsed_length(shown)
        if length > MESSAGE_LIMIT:
            yield self._problem(f"{length} characters; Telegram takes {MESSAGE_LIMIT}")
