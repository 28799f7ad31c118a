"""Seeing everything: what a person's file holds, in both channels, and that it holds nobody else's."""

import json
import re
from pathlib import Path
from typing import Any

from bot.dialogue.moments import read, written
from tests.journey.program import Running, running, visiting
from tests.said import has, is_message
from tests.security.journey import OPTIONAL, REQUIRED, signs_up


def newest_file(chat: list[Any]) -> dict[str, Any]:
    """The last file that the bot sent."""
    content = next(message.document for message in reversed(chat) if message.document)[1]
    found: dict[str, Any] = json.loads(content)
    return found


async def test_in_telegram(tmp_path: Path) -> None:
    """Leads with consent, draft, forwarded question, staff's answer and kept messages: all in one readable file."""
    async with running(tmp_path) as program:
        noor, other = program.api.person("Noor"), program.api.person("Ander")
        await other.send("/aanmelden")
        await signs_up(other, "beide", "gemeente", "Gemeente Elders")
        await noor.send("/start campagne")
        await noor.send("/aanmelden")
        await noor.sees()
        await signs_up(noor, *REQUIRED)
        await noor.tap("signup:more")
        await signs_up(noor, *OPTIONAL)
        await noor.tap("signup:submit")
        await noor.sees("signup/done")
        await noor.send("/contact")
        await noor.sees()
        await noor.send("Is er plaats voor een Nachtegaal?")
        await noor.tap("contact:forward")
        await noor.sees("contact/sent")
        await program.staff.reply(await program.staff.sees("Nachtegaal"), "Jazeker, hoor.")
        await noor.sees("Jazeker")
        await noor.tap_old(noor.last, "signup:another")
        await noor.sees("signup/ask/interest")
        await noor.send("beide")
        await noor.sees("signup/ask/organisation_type")
        await noor.send("/mijngegevens")
        shown = await noor.sees("data/mine")
        kept = newest_file(noor.chat)
        assert "Elders" not in json.dumps(kept)
    assert "Zwaluwstaart" in shown.text
    [lead] = kept["leads"]
    assert len(lead["answers"]) == 12
    assert {"consent_at", "consent_version", "consent_language", "channel", "language", "source"} <= lead.keys()
    assert (lead["channel"], lead["consent_language"], lead["source"]) == ("telegram", "nl", "campagne")
    assert kept["draft"]["interest"] == "both"
    assert kept["chat"] == f"telegram:{noor.id}"
    moments = re.findall(r'": "(\d{4}-\d\d-\d\dT[^"]*)"', json.dumps(kept))
    assert len(moments) > 8
    assert [written(read(at)) for at in moments] == moments
    texts = json.dumps(kept["messages"], ensure_ascii=False)
    assert "Nachtegaal" in texts
    assert "Jazeker, hoor." in texts
    assert {message["to"] for message in kept["messages"]} >= {"you", "staff", "anne@course.example", REQUIRED[4]}
    assert {item["about"] for item in kept["staff_messages"]} >= {lead["reference"]}


async def test_on_the_page(program: Running) -> None:
    """Whoever left nothing but words sees those; asking twice does not make the file grow without end."""
    async with visiting(program.url) as kees:
        await kees.says("Wat eet een Zeepaardje?")
        assert is_message(await kees.says("/mijngegevens"), "data/none", "nl")
        first = json.loads(kees.heard[-1]["file"]["content"])
        await kees.says("/mijngegevens")
        second = json.loads(kees.heard[-1]["file"]["content"])
    said = [(line["from"], line["text"]) for line in first["conversation"]]
    assert said[0] == ("person", "Wat eet een Zeepaardje?")
    assert {by for by, _ in said} == {"person", "bot"}
    assert first["leads"] == []
    assert len(second["conversation"]) == len(first["conversation"]) + 2
    assert len(json.dumps(second)) < 2 * len(json.dumps(first))


async def test_consent_follows_the_text_and_the_language(program: Running) -> None:
    """A change sent in another language is consent in that language; the notice comes before the first question."""
    async with visiting(program.url) as noor:
        assert "/privacy" in await noor.says("/aanmelden")
        for answer in ("beide", "gemeente", "Gemeente Utrecht", "Noor", "noor@utrecht.nl"):
            await noor.says(answer)
        assert has(noor.heard[-1]["text"], "signup/_consent", "nl")
        await noor.taps("signup:submit")
        await noor.sends(choice="language:en")
        await noor.sends(choice=noor.button("lead:edit:" + reference(noor.heard)))
        await noor.taps("signup:edit:name")
        await noor.says("Noor de Vries")
        await noor.taps("signup:submit")
        await noor.says("/mydata")
        [lead] = json.loads(noor.heard[-1]["file"]["content"])["leads"]
    assert (lead["language"], lead["consent_language"]) == ("nl", "en")
    assert lead["consent_at"] == lead["updated_at"] >= lead["created_at"]
    assert lead["consent_version"]


def reference(heard: list[dict[str, Any]]) -> str:
    """The reference that the buttons name."""
    ids = [str(one["id"]) for message in heard for row in message["buttons"] for one in row]
    return next(name.rpartition(":")[2] for name in ids if name.startswith("lead:edit:"))
