"""The facts that every message may show: of the course, of the settings, of who is responsible."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.dialogue.contacts import contact_names
from bot.wording.tables import Table

#: What the program's settings tell the messages, and what counts where the caller does not say.
SETTINGS: Mapping[str, object] = {
    "contact_email": None,
    "contact_phone": None,
    "retention_days": 365,
    "draft_retention_days": 30,
    "message_days": 7,
    "public_url": "",
    "telegram_on": False,
    "mail_on": False,
    "webhook_on": False,
}
#: a fact that a course need not have -> the one that stands for it
OTHERWISE = {"title_within": "title", "title_short": "title", "promise": "title"}
CODE = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*", re.IGNORECASE)  #: of a language
PURPOSES = ("interest", "question", "conversation")
BASES = ("consent", "contract", "public_task", "legitimate_interest")


def settings_facts(given: Mapping[str, object]) -> dict[str, object]:
    """The settings' facts, completed; staff are taken to be told in every way that is on."""
    known = {**SETTINGS, **given}
    return {"staff_chat_on": known["telegram_on"], "staff_mail_on": known["mail_on"], **known}


def facts_of(values: Mapping[str, Any], language: str, languages: Sequence[str]) -> dict[str, Any]:
    """The facts of facts.toml, of which these are the values, as they are in ``language``; None: not known yet."""
    facts = {
        name: _known(value[language] if _per_language(value, languages) and language in value else value)
        for name, value in values.items()
    }
    return {name: facts[other] for name, other in OTHERWISE.items() if other in facts} | facts


def _known(value: object) -> object:
    """The value, or None where an editor left it empty."""
    return None if value in ("", []) or (isinstance(value, str) and not value.strip()) else value


def contact_facts(
    facts: Mapping[str, Any], settings: Mapping[str, object], either: Callable[[Sequence[object]], str]
) -> dict[str, Any]:
    """
    The contact persons, each with name, e-mail address and phone number (None where unknown), and all of them in one
    text each: ``contact_name``, ``contact_email`` and ``contact_phone``.

    The settings' addresses and numbers, comma-separated, are those of the contact persons in order, where the facts do
    not say another. ``either``: how a language says one of several.
    """
    ways = {"email": _several(settings.get("contact_email")), "phone": _several(settings.get("contact_phone"))}
    given = facts.get("contacts") or [{"name": name} for name in contact_names(facts)]
    contacts = [
        {
            "name": one.get("name"),
            **{way: one.get(way) or (found[at] if at < len(found) else None) for way, found in ways.items()},
        }
        for at, one in enumerate(given)
    ]
    names = [one["name"] for one in contacts]
    told = {
        way: list(dict.fromkeys([*(one[way] for one in contacts if one[way]), *found[len(contacts) :]]))
        for way, found in ways.items()
    }
    known = {f"contact_{way}": either(found) if found else None for way, found in told.items()}
    return {"contacts": contacts, "contact_names": names, "contact_name": either(names), **known} if names else known


def _several(value: object) -> list[str]:
    """The values of a setting that may have several."""
    return [one.strip() for one in value.split(",") if one.strip()] if isinstance(value, str) else []


def check_facts(table: Table, languages: Sequence[str]) -> None:
    """Note in ``table`` every fact that some language does not have, or that cannot be shown."""
    for name, value in table.values.items():
        if _per_language(value, languages):
            missing = [language for language in languages if language not in value]
            if missing:
                table.problem(f"{name} has no value for {', '.join(missing)}", name)
            empty = [language for language in languages if _known(value.get(language, True)) is None]
            if 0 < len(empty) < len(languages):
                table.problem(f"{name} is known, but empty in {', '.join(empty)}: say it there too", name)
            for other, one in value.items():
                if not CODE.fullmatch(other) or isinstance(one, Mapping):
                    where = "as it stands below that line: put it above the first line with [ ]"
                    table.problem(f"{other} now belongs to [{name}], {where}", name, other)
        elif isinstance(value, Mapping):
            table.problem(f"{name} has values for other things than the course's languages", name)


def _per_language(value: object, languages: Sequence[str]) -> bool:
    return isinstance(value, Mapping) and any(language in value for language in languages)


def privacy_facts(table: Table, basis_labels: Mapping[str, str]) -> dict[str, Any]:
    """What the privacy text shows of privacy.toml; None where nothing was filled in."""
    responsible, purposes = table.section("responsible"), table.section("purposes")
    complaints = table.section("complaints")
    return {
        "organisation": _filled(responsible.get("organisation")),
        "address": _filled(responsible.get("address")),
        "contact": _filled(responsible.get("contact")),
        "basis": {purpose: basis_labels.get(purposes.get(purpose, "")) for purpose in PURPOSES},
        "by_consent": purposes.get("interest") == "consent",
        "processors": table.names("processing", "processors"),
        "authority": _filled(complaints.get("authority")),
        "authority_address": _filled(complaints.get("address")),
    }


def _filled(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def check_privacy(table: Table) -> None:
    """Note in ``table`` what is no legal basis."""
    for purpose, basis in table.section("purposes").items():
        if purpose not in PURPOSES:
            table.problem(f"{purpose} is no purpose; these are: {', '.join(PURPOSES)}", "purposes", purpose)
        elif basis and basis not in BASES:
            table.problem(f"{basis!r} is no legal basis; these are: {', '.join(BASES)}", "purposes", purpose)


def to_fill_in(table: Table) -> None:
    """Note in ``table`` what an operator still has to fill in."""
    for name in ("organisation", "address", "contact"):
        if not _filled(table.section("responsible").get(name)):
            table.problem(f"fill in {name}: the privacy text leaves it out until then", "responsible", name)
    for purpose in PURPOSES:
        if not table.section("purposes").get(purpose):
            table.problem(f"choose the legal basis of {purpose}: {', '.join(BASES)}", "purposes", purpose)
    processing = table.section("processing")
    if not processing.get("processors") and processing.get("none") is not True:
        table.problem("name the processors, or write none = true", "processing", "processors")
    for name in ("authority", "address"):
        if not _filled(table.section("complaints").get(name)):
            table.problem(f"fill in the {name} for complaints", "complaints", name)
