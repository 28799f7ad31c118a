"""Which language a request is answered in, and the words of the page in it."""

from collections.abc import Mapping, Sequence

from starlette.requests import HTTPConnection

from bot.wording import Wording


class Words:
    """The page's words in every language; the first language is the default."""

    def __init__(self, wording: Wording, languages: Sequence[str]) -> None:
        self.languages = tuple(languages)
        self.label = wording.label
        self.data_page = wording.data_page
        self.contacts = wording.contacts
        self.colours = wording.colours
        self.marks = wording.marks
        self.form = wording.form
        #: what each field means, or else its kind, so that the page can make its own field fit
        self.asks = {f"ask_{field.name}": str(field.role or field.kind) for field in self.form.fields}
        self._pages = {language: wording.page(language) for language in languages}

    def __getitem__(self, language: str) -> Mapping[str, str]:
        """The words in this language."""
        return self._pages[language]

    def choose(self, request: HTTPConnection, *wishes: str | None) -> str:
        """The first wish we speak, else the first language of the browser's that we speak, else the default."""
        for wish in (*wishes, *accepted(request.headers.get("accept-language", ""))):
            code = (wish or "").lower().partition("-")[0]
            if code in self._pages:
                return code
        return self.languages[0]


def accepted(header: str) -> list[str]:
    """The languages of an Accept-Language header, most wanted first."""
    weighted = []
    for part in header.split(",")[:20]:
        code, _, weight = "".join(part.split()).lower().partition(";q=")
        try:
            weighted.append((-float(weight or 1), code))
        except ValueError:
            continue
    return [code for weight, code in sorted(weighted, key=lambda pair: pair[0]) if weight < 0]
