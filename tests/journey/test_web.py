"""The very same conversation on the web page, by its API: both languages, staff answers, nothing twice."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.bounds import LEADS
from tests.journey.program import Running, Visitor, body_of, running, visiting
from tests.journey.someone import REFERENCE
from tests.said import is_message, rendered, rendered_mail


@pytest.fixture
async def program(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(tmp_path) as started:
        yield started


async def signs_up(visitor: Visitor, *answers: str) -> str:
    """Walk from the first question to the reference."""
    await visitor.says("/aanmelden")
    for answer in answers or ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries", "noor@utrecht.nl"):
        await visitor.says(answer)
    return await visitor.taps("signup:submit")


@pytest.mark.parametrize(
    ("language", "answers"),
    [
        ("nl", ("beide", "gemeente", "Utrecht", "Noor de Vries", "noor@utrecht.nl")),
        ("en", ("both", "municipality", "Utrecht", "Noor de Vries", "noor@utrecht.nl")),
    ],
)
async def test_the_same_journey_on_the_page(program: Running, language: str, answers: tuple[str, ...]) -> None:
    """Ask, sign up, get a reference; staff are told where the person came from."""
    async with visiting(program.url, language, source="linkedin") as noor:
        await noor.says("/start")
        assert is_message(await noor.taps("topic:costs"), "topic/costs", language)
        assert is_message(await signs_up(noor, *answers), "signup/done", language)
    notice = await program.staff.sees("Noor de Vries")
    assert "linkedin" in notice.text


@pytest.mark.parametrize("how", ["removal", "new conversation"])
async def test_who_begins_anew_begins_no_new_day(program: Running, how: str) -> None:
    """Five sign-ups a day from one browser reach staff, whether each is removed or left with a new conversation."""
    async with visiting(program.url) as noor:
        for number in range(LEADS.most):
            given = ("beide", "gemeente", "Utrecht", "Noor de Vries", f"noor{number}@utrecht.nl")
            assert REFERENCE.search(await signs_up(noor, *given))
            if how == "removal":
                await noor.says("/verwijderen")
                await noor.taps("data:forget:confirm")
            else:
                await (await noor.http.post(f"{program.url}/api/session", json={})).release()
        limit = await signs_up(noor, "beide", "gemeente", "Utrecht", "Noor de Vries", "noor@utrecht.nl")
        assert not REFERENCE.search(limit)
        assert "/contact" in limit
    assert len([mail for mail in program.mails() if "Nieuwe aanmelding" in mail["Subject"]]) <= LEADS.most


async def test_a_persons_line_carries_the_id_they_gave_it(program: Running) -> None:
    """A client knows its own words in the transcript by the id it sent them with, typed or tapped."""
    async with visiting(program.url) as noor:
        for body in ({"message_id": "typed", "text": "hallo"}, {"message_id": "tapped", "choice": "topic:costs"}):
            async with noor.http.post(f"{program.url}/api/chat", json=body) as response:
                assert response.status == 200
        async with noor.http.get(f"{program.url}/api/chat") as response:
            lines = (await response.json())["messages"]
    assert [line["message_id"] for line in lines if line["from"] == "person"] == ["typed", "tapped"]
    assert all("message_id" not in line for line in lines if line["from"] != "person")


async def test_an_answer_says_that_it_is_in_another_language(program: Running) -> None:
    """A question in English is answered in English, marked as such for who cannot see; the chat goes on in Dutch."""
    async with visiting(program.url) as noor:
        body = {"message_id": "english", "text": "how much does the course cost?"}
        async with noor.http.post(f"{program.url}/api/chat", json=body) as response:
            (answer,) = (await response.json())["messages"]
        assert (answer["topic"], answer["language"]) == ("costs", "en")
        body = {"message_id": "dutch", "text": "wat kost de cursus?"}
        async with noor.http.post(f"{program.url}/api/chat", json=body) as response:
            (answer,) = (await response.json())["messages"]
        assert "language" not in answer


async def test_a_repeated_request_gives_the_same_answer_and_one_lead(program: Running) -> None:
    """A request that is sent again, as browsers do, changes nothing and gets the very same body."""
    async with visiting(program.url) as noor:
        await noor.says("/aanmelden")
        for answer in ("beide", "gemeente", "Utrecht", "Noor", "noor@utrecht.nl"):
            await noor.says(answer)
        body = {"message_id": "the-same", "choice": noor.button("signup:submit")}
        bodies = []
        for _ in range(3):
            async with noor.http.post(f"{program.url}/api/chat", json=body) as response:
                bodies.append(await response.text())
        assert len(set(bodies)) == 1
    await program.staff.sees("Noor")
    assert len([text for text in program.staff.said if "Utrecht" in text]) == 1


async def test_staff_answer_a_visitor_on_the_page(program: Running) -> None:
    """A visitor's question reaches staff, and their answer stands in the visitor's chat as theirs."""
    async with visiting(program.url) as noor:
        await noor.says("/contact")
        await noor.says("Kan het in Almere?")
        async with noor.http.get(f"{program.url}/api/chat/events") as stream:
            await noor.taps("contact:forward")
            notice = await program.staff.sees("Almere")
            await program.staff.reply(notice, "Ja, dat kan.", by="Anne")
            async for line in stream.content:
                if line.startswith(b"data:") and b"Ja, dat kan." in line:
                    assert json.loads(line[5:])["from"] == "staff"
                    break
        async with noor.http.get(f"{program.url}/api/chat") as answer:
            said = (await answer.json())["messages"]
    assert said[-1]["from"] == "staff"


async def test_one_person_never_sees_anothers_conversation(program: Running) -> None:
    """Another browser, or a made-up session, begins with nothing."""
    async with visiting(program.url) as noor:
        await signs_up(noor)
    async with visiting(program.url) as eve:
        assert "Noor" not in await eve.says("/mijngegevens")
        forged = {"Authorization": "Bearer " + "a" * 43 + ".00000000000000000000000000000000"}
        async with aiohttp.request("GET", f"{program.url}/api/chat", headers=forged) as answer:
            assert "Noor" not in await answer.text()


async def test_one_s_own_data_as_a_file(program: Running) -> None:
    """Everything that is kept comes as a JSON file to keep oneself."""
    async with visiting(program.url) as noor:
        await signs_up(noor)
        await noor.says("/mijngegevens")
        file = next(message["file"] for message in reversed(noor.heard) if message.get("file"))
    assert json.loads(file["content"])["leads"][0]["answers"]["email"] == "noor@utrecht.nl"


async def test_one_s_own_data_to_read(program: Running) -> None:
    """The same comes as a page that a person can read, with the answer and again later, in the chat's language."""
    async with visiting(program.url) as noor:
        await signs_up(noor)
        await noor.says("/mijngegevens")
        (answer,) = [message for message in noor.heard if message.get("file")]
        async with noor.http.get(program.url + answer["file"]["url"], params={"page": ""}) as again:
            assert again.headers["content-disposition"] == 'attachment; filename="mijngegevens.html"'
            later = await again.text()
    for page in (answer["file"]["page"], later):
        assert page.startswith("<!DOCTYPE html>")
        for words in ('lang="nl"', "noor@utrecht.nl", noor.source or "", "/mijngegevens"):
            assert words in page
    assert [row["edit"].split(":")[-1] for row in answer["summary"]][-1] == "email"
    assert "noor@utrecht.nl" not in answer["above"] + answer["below"]


async def test_operators_see_that_all_is_well(program: Running) -> None:
    """Health, readiness and figures answer, and name nobody."""
    async with visiting(program.url) as noor:
        await signs_up(noor)
        for path in ("/healthz", "/readyz", "/metrics"):
            async with noor.http.get(program.url + path) as answer:
                assert answer.status == 200, await answer.text()
                assert "oor" not in (await answer.text()).replace("floor", "")


async def test_without_a_staff_chat_an_answer_comes_by_mail(tmp_path: Path) -> None:
    """Where staff have no chat, who has a question is asked for an address, and told where the answer comes."""
    async with running(tmp_path, telegram_staff_chat_id=None) as program, visiting(program.url) as ali:
        await ali.says("/contact")
        here = {"question": "Mag mijn hond mee?", "staff_chat_on": False, "phone": None}
        confirm = await ali.says("Mag mijn hond mee?")
        assert confirm == rendered("contact/confirm", here | {"reply_to": None})
        confirm = await ali.says("ali@example.org")
        assert confirm == rendered("contact/confirm", here | {"reply_to": "ali@example.org"})
        sent = await ali.taps("contact:forward")
        found = REFERENCE.search(sent)
        assert found
        assert sent == rendered("contact/sent", here | {"reply_to": "ali@example.org", "reference": found[0]})
        mail = await program.gets_mail("anne@course.example", kind="mail/question")
        assert mail["Reply-To"] == "ali@example.org"


async def test_without_a_staff_chat_and_an_address_no_answer_is_promised(tmp_path: Path) -> None:
    """Who gives no address is told that no answer can come, and how to get one after all; so is the contact person."""
    async with running(tmp_path, telegram_staff_chat_id=None) as program, visiting(program.url, "en") as ali:
        await ali.says("/contact")
        await ali.says("May my dog come too?")
        sent = await ali.taps("contact:forward")
        found = REFERENCE.search(sent)
        assert found
        nowhere: dict[str, object] = {"reply_to": None, "phone": None, "staff_chat_on": False, "reference": found[0]}
        assert sent == rendered("contact/sent", nowhere | {"contact_email": "anne@course.example"}, "en")
        mail = await program.gets_mail("anne@course.example", kind="mail/question")
        asker = {"question": "May my dog come too?", "name": None, "via": "web", "language": "en"}
        assert body_of(mail).split() == rendered_mail("question", nowhere | asker).split()


async def test_stopping_a_change_is_not_stopping_the_sign_up(program: Running) -> None:
    """Who changes a sent sign-up and stops reads that it stays as it was sent, with its reference."""
    async with visiting(program.url) as noor:
        found = REFERENCE.search(await signs_up(noor))
        assert found
        reference = found[0]
        await noor.taps(f"lead:edit:{reference}")
        await noor.taps("signup:edit:name")
        await noor.says("Noor Bakker")
        asked = await noor.says("stop")
        assert asked == rendered("signup/cancel", {"reference": reference})
        assert asked != rendered("signup/cancel", {"reference": None})
        assert await noor.says("ja") == rendered("signup/cancelled", {"reference": reference})
        assert "Noor Bakker" not in await noor.taps(f"lead:show:{reference}")


async def test_a_new_conversation_knows_nothing_of_the_former(program: Running) -> None:
    """The bot does not say that there is no sign-up, only that this conversation has none, and who helps."""
    async with visiting(program.url) as noor:
        await signs_up(noor)
    async with visiting(program.url) as noor:
        said = await noor.says("/mijngegevens")
        assert is_message(said, "data/none", "nl")
        assert "anne@course.example" in said
