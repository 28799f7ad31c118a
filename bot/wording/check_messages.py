"""What is wrong with the messages themselves: missing, broken, illegal, too long, or with facts in their sentences."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, TemplateNotFound

from bot.wording.catalogue import Catalogue
from bot.wording.facts import SETTINGS
from bot.wording.keys import MAIL_PARTS, MAILS, MESSAGES, PARTIALS
from bot.wording.language import Language
from bot.wording.markup import MESSAGE_LIMIT, faults, parsed_length
from bot.wording.prose import Prose
from bot.wording.records import Problem, WordingError
from bot.wording.samples import NO_PRIVACY, Samples
from bot.wording.templates import explained

#: what may be other than in the first rendering although no placeholder differs
VARYING = frozenset(("channel", "privacy", *SETTINGS, "staff_chat_on"))
SAFE_IN = "chat/chosen.html"  #: the only message that shows markup it is given


def key_of(name: str) -> str:
    """The key of a message file: its path without ending; a mail's is its folder."""
    return name.rpartition("/")[0] if name.startswith("mail/") else name.rpartition(".")[0]


def files_of(catalogue: Catalogue) -> tuple[str, ...]:
    """The message files that every language must have."""
    required = [f"{key}.html" for key in MESSAGES]
    required += [f"topic/{topic}.html" for topic in catalogue.topics]
    required += [f"{mail}/{part}" for mail in MAILS for part in MAIL_PARTS]
    present = [name for language in catalogue.languages.values() for name in language.templates.names]
    return tuple(sorted({*required, *PARTIALS, *present}))


def message_problems(catalogue: Catalogue, samples: Samples) -> Iterator[Problem]:
    """All that is wrong with the messages, in every language."""
    names = files_of(catalogue)
    used: dict[str, dict[str, dict[str, int]]] = {name: {} for name in names}
    for code, language in catalogue.languages.items():
        prose = Prose({k: v for k, v in catalogue.facts[code].items() if k in catalogue.tables["facts"].values})
        yield from _partial_problems(catalogue, language, prose)
        for name in names:
            checker = _Checker(language, samples, name)
            yield from checker.problems(prose)
            used[name][code] = checker.used
    yield from _differences(used)


def _partial_problems(catalogue: Catalogue, language: Language, prose: Prose) -> Iterator[Problem]:
    """Facts in the sentences of partials; in those that all languages share, named once."""
    for folder, at in ((language.templates.folder, f"{language.code}/"), (catalogue.folder, "")):
        paths = sorted(folder.rglob("_*")) if at else [*sorted(folder.glob("_*")), *sorted(folder.glob("mail/_*"))]
        for path in paths:
            if path.is_file() and path.suffix in (".html", ".txt") and path.parent.name != "questions":
                name = path.relative_to(folder).as_posix()
                for line, text in prose.in_template(path.read_text(encoding="utf-8")):
                    yield Problem(file=f"{at}{name}", line=line, text=text)


def _differences(used: Mapping[str, Mapping[str, Mapping[str, int]]]) -> Iterator[Problem]:
    """Placeholders that a message shows in one language and not in another."""
    for name, languages in used.items():
        everywhere = set().union(*languages.values())
        for code, names in languages.items():
            missing = sorted(everywhere - set(names))
            others = sorted(other for other in languages if set(missing) & set(languages[other]))
            if missing and names is not _ABSENT:
                text = f"does not show {', '.join(missing)}, which {', '.join(others)} does"
                yield Problem(file=f"{code}/{name}", line=0, text=text)


_ABSENT: dict[str, int] = {}  #: stands for the placeholders of a file that is not there


class _Checker:
    """Checks one message file of one language."""

    def __init__(self, language: Language, samples: Samples, name: str) -> None:
        self.used: dict[str, int] = _ABSENT
        self._language = language
        self._samples = samples
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
        if "safe" in source.filters and self._name != SAFE_IN:
            yield self._problem(
                "the filter safe shows what people typed as markup; leave it out", source.filters["safe"]
            )
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
        self.used = {}
        try:
            names = templates.all_names(self._name)
        except TemplateNotFound as error:
            yield self._problem(f"it includes {error.name}, which is not there")
            return
        except TemplateError as error:
            yield self._broken(error)
            return
        self._names = frozenset(names)
        for name, (file, line) in names.items():
            if name in self._declared:
                self.used[name] = line
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
        """Everything given and switched on; then nothing that may be missing, and all switched off."""
        channel = self._name.partition("/")[0]
        full, bare = self._samples.full(self._key, self._declared), self._samples.bare(self._key, self._declared)
        known = channel if channel in ("mail", "staff") else ""
        yield {**self._samples.settings(), **full}, known or "telegram"
        if full != bare or not self._names.isdisjoint(VARYING):
            yield {**self._samples.nothing_set(), "privacy": NO_PRIVACY, **bare}, known or "web"

    def _faults(self, shown: str) -> Iterator[Problem]:
        if not shown.strip():
            yield self._problem("nothing is left of this message when what may be missing is missing")
        if self._name.startswith("mail/"):
            return
        yield from (self._problem(text) for text in faults(shown))
        length = parsed_length(shown)
        if length > MESSAGE_LIMIT:
            yield self._problem(f"{length} characters; Telegram takes {MESSAGE_LIMIT}")
