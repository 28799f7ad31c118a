"""Opens by the settings what every command needs: the words, what finds topics, the database."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from bot.addresses.finding import find
from bot.addresses.hosts import is_loopback
from bot.addresses.reading import check_email, check_phone
from bot.dialogue.context import Context
from bot.dialogue.fields import Form
from bot.leads.references import new_reference, new_token
from bot.settings import Settings, SettingsError
from bot.wording import SHELF, Wording, WordingError
from bot.wording.form import read_form
from bot.wording.kept import Kept
from storage.errors import InvalidKey, KeyNeeded, MigrationFailed, NoDatabase, StorageError, WrongKey
from storage.repositories.old import DELIVERED
from storage.store import PATIENCE, Storage

log = structlog.get_logger()

if TYPE_CHECKING:
    from bot.questions import Acts, Matcher


def facts(settings: Settings) -> dict[str, object]:
    """What messages may say of the settings."""
    return {
        "contact_email": settings.contact_email,
        "contact_phone": settings.contact_phone,
        "retention_days": settings.retention_days,
        "draft_retention_days": settings.draft_retention_days,
        "public_url": shown_address(settings.public_url),
        "message_days": DELIVERED.days,
        "telegram_on": settings.telegram_on,
        "staff_chat_on": settings.telegram_on and settings.staff_chat is not None,
        "mail_on": settings.mail_kind != "file",
        "staff_mail_on": settings.mail_kind != "file" and settings.contact_email is not None,
        "webhook_on": settings.lead_webhook_url is not None,
    }


def shown_address(url: str) -> str:
    """The address that people are told; empty while it only works on this very machine."""
    return "" if is_loopback(urlsplit(url).hostname) else url


def load_wording(settings: Settings) -> Wording:
    """The words of this course. Raises WordingError, and SettingsError when the default language is not among them."""
    wording = Wording.load(settings.messages_dir, facts(settings), SHELF)
    if settings.default_language not in ("", *wording.languages):
        known = ", ".join(wording.languages)
        raise SettingsError("DEFAULT_LANGUAGE", f"must be a language of MESSAGES_DIR ({known})")
    return wording


def load_form(settings: Settings) -> Form:
    """What the sign-up of this course asks; raises WordingError where neither its folder nor a kept one says so."""
    try:
        return read_form(settings.messages_dir)
    except WordingError:
        kept = kept_of(settings)
        if not kept.is_there():
            raise
        return read_form(kept.folder)


def load_matcher(settings: Settings, wording: Wording) -> "Matcher":
    """What finds the topic of a question. Raises SettingsError when it cannot be read."""
    # most commands ask it nothing, and need not wait for its numbers
    from bot.questions import DamagedWeights, Matcher, UnreadablePhrases

    try:
        return Matcher.load(settings.messages_dir, wording.languages)
    except (DamagedWeights, UnreadablePhrases) as problem:
        raise SettingsError("MESSAGES_DIR", f"{problem}") from None


def load_acts(settings: Settings, wording: Wording, matcher: "Matcher") -> "Acts":
    """What finds the acts in a text; the matcher lends its numbers. Raises SettingsError when it cannot be read."""
    from bot.questions import Acts, DamagedWeights, UnreadablePhrases

    try:
        return Acts.load(settings.messages_dir, wording.languages, matcher.encoder)
    except (DamagedWeights, UnreadablePhrases) as problem:
        raise SettingsError("MESSAGES_DIR", f"{problem}") from None


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """All that is made of a messages folder."""

    settings: Settings  #: with the folder that it was made of
    wording: Wording
    matcher: "Matcher"
    acts: "Acts"

    def become(self, other: "Spoken") -> None:
        """Be what ``other`` is, for all who hold a part of this one."""
        for own, new in ((self.wording, other.wording), (self.matcher, other.matcher), (self.acts, other.acts)):
            vars(own).clear()
            vars(own).update(vars(new))


def load_spoken(settings: Settings) -> Spoken:
    """All that the settings' folder says and understands. Raises WordingError or SettingsError."""
    wording = load_wording(settings)
    if settings.default_language not in wording.languages:
        settings = settings.model_copy(update={"default_language": wording.languages[0]})
    matcher = load_matcher(settings, wording)
    return Spoken(settings=settings, wording=wording, matcher=matcher, acts=load_acts(settings, wording, matcher))


Load = Callable[[Settings], Spoken]


def kept_of(settings: Settings) -> Kept:
    """Where the last messages folder that passed is kept: beside an SQLite database, else in data/."""
    return Kept(settings.messages_dir, settings.database_path.parent if settings.database_path else Path("data"))


def spoken_or_kept(settings: Settings, load: Load = load_spoken) -> tuple[Spoken, tuple[str, ...]]:
    """
    The words of the settings' folder; where that has faults, of the last folder that passed, with these faults.

    Raises WordingError or SettingsError where none is kept.
    """
    try:
        return load(settings), ()
    except (WordingError, SettingsError) as problem:
        kept = kept_of(settings)
        if not kept.is_there():
            raise
        faults = tuple(str(problem).splitlines())
        spoken = load(settings.model_copy(update={"messages_dir": kept.folder}))
        log.error("messages_refused", faults=len(faults), first=faults[0])
        return spoken, faults


async def open_storage(
    settings: Settings, *, owner: str | None = None, make: bool = False, patience: float = PATIENCE
) -> Storage:
    """
    The database of the settings; ``make``: made and brought up to date where need be, which a slip must not do.
    ``patience``: seconds to wait for a lock.

    Raises SettingsError when it cannot be used, and StorageError when it is not there or of an older release.
    """
    key = settings.data_key.get_secret_value() if settings.data_key else None
    try:
        return await Storage.open(
            settings.database_url, data_key=key, owner=owner, seen=owner is not None, make=make, patience=patience
        )
    except (NoDatabase, MigrationFailed) as problem:
        if make:
            raise SettingsError("DATABASE_URL", f"cannot be used: {problem}") from None
        raise
    except (WrongKey, KeyNeeded, InvalidKey) as problem:
        raise SettingsError("DATA_KEY", f"cannot be used: {problem}") from None
    except StorageError as problem:
        raise SettingsError("DATABASE_URL", f"cannot be used: {problem}") from None


def context_maker(wording: Wording, matcher: "Matcher", acts: "Acts | None" = None) -> Callable[[], Context]:
    """What gives the dialogue all it needs from outside, as of now; without ``acts`` no text does anything."""

    def context() -> Context:
        return Context(
            now=datetime.now(UTC),
            course=wording.course,
            match=cache(matcher.match),  # readers ask the same of a text, each for itself; known for this turn alone
            may_ask=matcher.may_ask,
            acts=cache(lambda text, language: acts.near(text) if acts else ()),
            check_email=check_email,
            check_phone=lambda text: check_phone(text, wording.course.phone_regions[0]),
            check_phone_in=check_phone,
            find=lambda text: find(text, wording.course.phone_regions[0]),
            new_token=new_token,
            new_reference=new_reference,
        )

    return context
