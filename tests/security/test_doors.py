"""Half characters, which JSON can hold and nothing else can: whichever door they come in by, they break nothing."""

import json
from pathlib import Path

from tests.journey.program import running, visiting
from tests.security.journey import REQUIRED, signs_up

HALF = "\ud800"


async def test_on_the_page(tmp_path: Path) -> None:
    """Every field of a request may hold one: it is answered or refused, and the conversation can be read again."""
    async with running(tmp_path) as program, visiting(program.url) as noor:
        bodies = [
            {"message_id": "m1", "text": f"{HALF}wat kost het{HALF}?"},
            {"message_id": "m2", "text": HALF},
            {"message_id": "m3", "choice": f"topic:{HALF}"},
            {"message_id": f"m4{HALF}", "text": "hallo"},
            {"message_id": "m5", "text": "hallo", "source": HALF, "language": HALF, "website": HALF},
            {"message_id": "m6", HALF: HALF, "text": "hallo"},
            {"message_id": "m7", "text": "/contact"},
            {"message_id": "m8", "text": f"Is er {HALF} lunch?"},
        ]
        for body in bodies:
            async with noor.http.post(
                f"{program.url}/api/chat", data=json.dumps(body), headers={"Content-Type": "application/json"}
            ) as answer:
                assert answer.status in (200, 400, 422), (body, answer.status)
                json.loads(await answer.text())
        async with noor.http.get(f"{program.url}/api/chat") as answer:
            assert answer.status == 200
            assert "lunch" in json.dumps(await answer.json())


async def test_in_telegram(tmp_path: Path) -> None:
    """A name, an answer, a question and staff's own reply with one in it go all the way, to mail and staff."""
    async with running(tmp_path) as program:
        noor = program.api.person(f"Noor{HALF}")
        await noor.send("/aanmelden")
        interest, kind, organisation, name, email = REQUIRED
        await signs_up(noor, interest, kind, f"{organisation}{HALF}", f"{name}{HALF}", email)
        await noor.tap("signup:submit")
        notice = await program.staff.sees(email)
        await program.gets_mail("anne@course.example")
        await program.staff.reply(notice, f"Ja{HALF}, graag.")
        await noor.sees("graag.")
        await program.staff.send(f"/lead {HALF}")
        await program.staff.sees()
        await program.staff.send("/export")
        while (await program.staff.sees()).document is None:
            pass
