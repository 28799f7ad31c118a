"""Reads the settings from the environment, from ``.env`` and from the files that ``<NAME>_FILE`` names."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from pydantic import ValidationError

from bot.settings.model import Settings, unwritable
from bot.settings.problems import SettingsError

#: names of all settings, as the environment has them
NAMES = tuple(name.upper() for name in Settings.model_fields)


def load_settings(environ: Mapping[str, str] | None = None, env_file: Path | None = Path(".env")) -> Settings:
    """The settings; the environment goes before ``.env``. Raises SettingsError, one line that names the setting."""
    given = _layer(_dotenv(env_file)) | _layer(os.environ if environ is None else environ)
    texts: dict[str, Any] = {name.lower(): value for name, value in given.items()}
    try:
        settings = Settings(**texts)
    except ValidationError as error:
        raise _first(error) from None
    _check_folders(settings)
    return settings


def _dotenv(env_file: Path | None) -> dict[str, str]:
    if env_file is None or not env_file.is_file():
        return {}
    try:
        read = dotenv_values(env_file, interpolate=False, encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise SettingsError(str(env_file), "must be a text file that can be read") from None
    return {name: value for name, value in read.items() if value is not None}


def _layer(environ: Mapping[str, str]) -> dict[str, str]:
    """The settings that one source gives, files read; an empty one counts as not set."""
    found = {}
    for name in NAMES:
        value, file = environ.get(name, "").strip(), environ.get(f"{name}_FILE", "").strip()
        if value and file:
            raise SettingsError(name, f"must be set once: as {name} or as {name}_FILE, not both")
        text = _content(f"{name}_FILE", Path(file)) if file else value
        if text:
            found[name] = text
    return found


def _content(name: str, file: Path) -> str:
    try:
        return file.expanduser().read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingsError(name, f"must name a file that can be read ({error.strerror}: {file})") from None
    except UnicodeDecodeError:
        raise SettingsError(name, f"must name a text file in UTF-8 ({file})") from None


def _first(error: ValidationError) -> SettingsError:
    """The first problem that pydantic found, in our words: its own texts may hold the value."""
    problem = error.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in problem["loc"][:1]).upper()
    cause = problem.get("ctx", {}).get("error")
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
