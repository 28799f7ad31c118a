"""What is wrong with the messages: which are missing, and which show in one language what they do not in another."""

from collections.abc import Iterator, Mapping

from bot.wording.catalogue import Catalogue
from bot.wording.check.message import MessageCheck
from bot.wording.check.partials import partial_problems
from bot.wording.check.states import may_be_known
from bot.wording.keys import MAIL_PARTS, MAILS, MESSAGES, PAGES, PARTIALS, of_form
from bot.wording.records import Problem
from bot.wording.samples import Samples


def files_of(catalogue: Catalogue) -> tuple[str, ...]:
    """The message files that every language must have."""
    required = [f"{key}.html" for key in (*MESSAGES, *PAGES, *of_form(catalogue.form))]
    required += [f"topic/{topic}.html" for topic in catalogue.topics]
    required += [f"{mail}/{part}" for mail in MAILS for part in MAIL_PARTS]
    present = [name for language in catalogue.languages.values() for name in language.templates.names]
    return tuple(sorted({*required, *PARTIALS, *present}))


def message_problems(catalogue: Catalogue, samples: Samples) -> Iterator[Problem]:
    """All that is wrong with the messages, in every language."""
    names = files_of(catalogue)
    used: dict[str, dict[str, dict[str, int] | None]] = {name: {} for name in names}
    for code, language in catalogue.languages.items():
        prose = catalogue.prose(code)
        yield from partial_problems(catalogue, language, prose)
        known = may_be_known(catalogue, language, samples)
        for name in names:
            checker = MessageCheck(language, samples, name, known)
            yield from checker.problems(prose)
            used[name][code] = checker.used
    yield from _differences(used)


def _differences(used: Mapping[str, Mapping[str, Mapping[str, int] | None]]) -> Iterator[Problem]:
    """Placeholders that a message shows in one language and not in another."""
    for name, languages in used.items():
        shown = {code: set(names) for code, names in languages.items() if names is not None}
        everywhere = set().union(*shown.values())
        for code, names in shown.items():
            missing = everywhere - names
            others = sorted(other for other in shown if missing & shown[other])
            if missing:
                text = f"does not show {', '.join(sorted(missing))}, which {', '.join(others)} does"
                yield Problem(file=f"{code}/{name}", line=0, text=text)
