"""The figures for operators: each is really kept while people talk, and steps when it should."""

import re
from collections.abc import Mapping
from pathlib import Path

from tests.journey.program import Running, running, visiting

SAMPLE = re.compile(r"^(course_bot_\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
#: what an ordinary hour shows; the rest shows trouble, and has tests where that trouble is made
KEPT = {
    'course_bot_turns_total{channel="telegram",outcome="answered"}',
    'course_bot_turns_total{channel="web",outcome="answered"}',
    'course_bot_turns_total{channel="web",outcome="duplicate"}',
    'course_bot_turn_seconds_count{channel="telegram"}',
    'course_bot_turn_seconds_count{channel="web"}',
    "course_bot_batch_size_count{}",
    'course_bot_leads_total{change="created",channel="telegram"}',
    'course_bot_leads_total{change="created",channel="web"}',
    'course_bot_leads_total{change="changed",channel="web"}',
    'course_bot_leads_total{change="withdrawn",channel="telegram"}',
    'course_bot_outbox_sent_total{kind="telegram"}',
    'course_bot_outbox_sent_total{kind="mail"}',
    'course_bot_outbox_retried_total{kind="telegram"}',
    'course_bot_outbox_failed_total{kind="telegram",why="gone"}',
    'course_bot_channel_up{channel="telegram"}',
    'course_bot_channel_up{channel="web"}',
    'course_bot_http_requests_total{path="/api/chat",status="200"}',
}
#: what stands at 0 until there is trouble: an alert sees its first step
AT_REST = {
    'course_bot_turns_total{channel="telegram",outcome="failed"}',
    'course_bot_turns_total{channel="web",outcome="failed"}',
    "course_bot_outbox_given_up{}",
    'course_bot_outbox_waiting{kind="telegram"}',
    'course_bot_outbox_oldest_seconds{kind="mail"}',
}


async def figures(program: Running) -> Mapping[str, float]:
    """What /metrics shows now: name and labels, and the value."""
    async with visiting(program.url) as tool, tool.http.get(f"{program.url}/metrics") as answer:
        text = await answer.text()
    return {f"{name}{{{labels}}}": float(value) for name, labels, value in SAMPLE.findall(text)}


async def in_telegram(program: Running) -> None:
    """Noor signs up and withdraws; the first attempt to tell her something fails. Eve blocks the bot."""
    program.api.fails("sendMessage", "500")
    noor = program.api.person("Noor")
    await noor.send("/aanmelden")
    for answer in ("beide", "gemeente", "Utrecht", "Noor", "noor@example.org"):
        await noor.sees()
        await noor.send(answer)
    await noor.tap("signup:submit")
    await noor.sees("signup/done")
    await noor.send("/verwijderen")
    await noor.tap("data:forget:confirm")
    await noor.sees("data/forgotten")
    eve = program.api.person("Eve")
    await eve.send("/start")
    await eve.blocks_bot()


async def on_the_page(program: Running) -> None:
    """Kees signs up and changes it; his browser sends one message twice."""
    async with visiting(program.url) as kees:
        await kees.says("/aanmelden")
        for answer in ("beide", "gemeente", "Utrecht", "Kees", "kees@example.org"):
            await kees.says(answer)
        await kees.taps("signup:submit")
        await kees.says("/mijngegevens")
        reference = next(one["id"] for row in kees.heard[-1]["buttons"] for one in row if "lead:edit" in one["id"])
        await kees.sends(choice=reference)
        await kees.taps("signup:edit:name")
        await kees.says("Kees Bakker")
        await kees.taps("signup:submit")
        for _ in range(2):
            await kees.sends(text="menu", message_id="the-same")


async def test_each_figure_is_kept(tmp_path: Path) -> None:
    """After an hour like any other every figure in the guide for operators has moved, or stands at rest."""
    async with running(tmp_path) as program:
        await in_telegram(program)
        await on_the_page(program)
        await program.gets_mail("kees@example.org", "gewijzigd")
        await program.staff.sees("staff/lead_changed")
        seen = await figures(program)
    assert {name for name in KEPT if not seen.get(name)} == set()
    assert {name: seen.get(name) for name in AT_REST} == dict.fromkeys(AT_REST, 0.0)
