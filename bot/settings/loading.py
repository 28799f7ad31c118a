"""Reads the settings from the environment, from ``.env`` and from the files that ``<NAME>_FILE`` names."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from pydantic import ValidationError

from bot.settings.env_file import Entry, read_env_file
from bot.settings.errors import SettingsError
from bot.settings.model import Settings, unwritable
from bot.settings.names import Names, spellings
from bot.settings.texts import flaw, quoted, text_of

#: names of all settings, as the environment has them
NAMES = tuple(name.upper() for name in Settings.model_fields)


def load_settings(
    environ: Mapping[str, str] | None = None,
    env_file: Path | None = Path(".env"),
    tell: Callable[[str], None] = lambda line: None,
) -> Settings:
    """
    The settings; the environment goes before ``.env``. ``tell`` gets a line about each name that nothing reads.

    Raises SettingsError, one line that names the setting, and the line of ``.env`` where it stands there.
    """
    names = Names(NAMES)
    surrounding = os.environ if environ is None else environ
    _tell_misspelt(surrounding, names, tell)
    written = read_env_file(env_file, names, tell)
    outside = {name: Entry(text=text.strip(), place="") for name, text in surrounding.items() if name in names}
    found = {name: entry for name in NAMES if (entry := _given(name, outside) or _given(name, written))}
    try:
        settings = Settings.model_validate({name.lower(): entry.text for name, entry in found.items()})
    except ValidationError as error:
        wrong = _first(error)
        place = found[wrong.name].place if wrong.name in found else ""
        raise SettingsError(wrong.name, f"{wrong.reason}{f' ({place})' if place else ''}") from None
    _check_folders(settings)
    return settings


def _tell_misspelt(environ: Mapping[str, str], names: Names, tell: Callable[[str], None]) -> None:
    """Tell of names in the environment that look like ours: other programs' names may, so nothing stops for them."""
    for name in environ:
        if meant := names.meant(name):
            shown = name if name.isprintable() else meant.lower()
            tell(f"{shown} in the environment is no setting, and nothing reads it: is {meant} meant?")


def _given(name: str, source: Mapping[str, Entry]) -> Entry | None:
    """One setting as a source gives it, its file read; an empty one counts as not set. Raises SettingsError."""
    value, file = next((source[one] for one in spellings(name) if one in source), None), source.get(f"{name}_FILE")
    if value and file and value.text and file.text:
        raise SettingsError(name, f"must be set once: as {name} or as {name}_FILE, not both")
    entry = _content(f"{name}_FILE", file) if file and file.text else value
    if entry is None or not entry.text:
        return None
    where = f"{name}_FILE" if file and file.text else name
    if wrong := flaw(entry.text):
        raise SettingsError(where, wrong)
    if quoted(entry.text) and (where != name or not entry.place):
        raise SettingsError(where, "must not stand between quotes: only .env takes them away")
    return entry


def _content(name: str, file: Entry) -> Entry:
    try:
        return replace(file, text=text_of(Path(file.text).expanduser()).strip())
    except (ValueError, RuntimeError) as error:  # RuntimeError: ~ of nobody
        raise SettingsError(name, f"must name a file that can be read ({error})") from None


def _first(error: ValidationError) -> SettingsError:
    """The first thing that pydantic found wrong, in our words: its own texts may hold the value."""
    first = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"][:1]).upper()
    cause = first.get("ctx", {}).get("error")
    return SettingsError(name, str(cause) if isinstance(cause, ValueError) else "must be a value of the right kind")


def _check_folders(settings: Settings) -> None:
    """Raise SettingsError when data or mail cannot be written where the settings say."""
    database, mail = settings.database_path, settings.mail_folder
    if database is not None and (why := unwritable(database.parent)):
        raise SettingsError("DATABASE_URL", f"must be a file in a folder that can be written ({why})")
    if database is not None and database.is_dir():
        raise SettingsError("DATABASE_URL", f"must be a file, and {database} is a folder")
    if mail is not None and (why := unwritable(mail)):
        raise SettingsError("MAIL_URL", f"must be a folder that can be written ({why})")
