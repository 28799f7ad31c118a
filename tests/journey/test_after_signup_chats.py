"""After the sign-up, and a person wanted, written as chats: in Telegram and on the page, in Dutch and in English."""

import re

import pytest

from tests.journey.conftest import meet
from tests.journey.program import Running, body_of
from tests.journey.someone import REFERENCE, REQUIRED, OnTelegram, OnThePage, Someone
from tests.outbox.helpers import until
from tests.said import has, is_message, label

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.fixture(autouse=True)
def whole_program() -> None:
    """Measured, other than the rest of the journey: here all parts come together."""


def own_address(noor: Someone, chat: str) -> str:
    """An address that nobody else signs up with: at most two receipts a day go to one."""
    return f"noor.{type(noor).__name__}.{noor.language}.{chat}@example.org"


async def test_the_reference_what_happens_next_and_a_receipt(shared: Running, noor: Someone) -> None:
    """One reads the reference and what comes next, and gets a mail: that it came, what for, how long, rights."""
    email = own_address(noor, "receipt")
    reference = await noor.signs_up(*REQUIRED[:-1], email)
    await noor.says("/mijngegevens | /mydata")
    await noor.sees("data/mine", reference, "Noor de Vries")
    receipt = await shared.gets_mail(email, reference)
    assert is_message(body_of(receipt), "mail/receipt/body.txt", noor.language)
    for text in (reference, "Noor de Vries", "Anne Kunst", "365", "/mijngegevens | /mydata", "/verwijderen | /forget"):
        assert noor.in_own(text) in body_of(receipt)
    assert "Gemeente Utrecht" not in body_of(receipt), "nobody proved that the address is theirs"
    assert is_message(receipt["Subject"], "mail/receipt/subject.txt", noor.language)


async def test_a_changed_lead_tells_staff_what_changed(shared: Running, noor: Someone) -> None:
    """Whoever changes what was sent keeps the reference; staff read what it was and what it is now."""
    email = own_address(noor, "changed")
    reference = await noor.signs_up(*REQUIRED[:-1], email)
    await noor.taps(f"lead:edit:{reference}")
    await noor.sees("signup/review", reference)
    await noor.taps("signup:edit:organisation")
    await noor.says("De Alliantie")
    await noor.sees("signup/review", "De Alliantie")
    assert await noor.submits() == reference
    told = await shared.staff.sees("staff/lead_changed")
    assert reference in told.text
    assert f"{label('labels/fields/organisation')}: Gemeente Utrecht → De Alliantie" in told.text
    mail = body_of(await shared.gets_mail("anne@course.example", reference, "mail/lead_changed"))
    assert re.search(r"Gemeente Utrecht\s*\n.*De Alliantie", mail), "what it was stands above what it is now"
    await until(lambda: len(receipts(shared, email)) == 2, "the receipt of the change")
    assert "De Alliantie" not in "".join(receipts(shared, email))


def receipts(program: Running, email: str) -> list[str]:
    """What was mailed to this address."""
    return [body_of(mail) for mail in program.mails() if email in mail["To"]]


async def test_signing_up_again_offers_the_earlier_one(noor: Someone) -> None:
    """A second sign-up from the same chat first offers the earlier one: see it, change it, or make another."""
    first = await noor.signs_up()
    await noor.says("/aanmelden | /signup")
    await noor.sees("signup/another", first, "Gemeente Utrecht")
    await noor.taps(f"lead:show:{first}")
    await noor.sees("signup/lead", first, "Noor de Vries")
    await noor.says("/aanmelden | /signup")
    await noor.sees("signup/another", first)
    await noor.types(first.replace("-", "").lower())
    await noor.sees("signup/lead", first, "Noor de Vries")
    await noor.says("/aanmelden | /signup")
    await noor.taps("signup:another")
    for answer in ("3", "2", "De Alliantie", "Ali", "ali@example.org"):
        await noor.says(answer)
    await noor.sees("signup/review", "De Alliantie")
    second = await noor.submits()
    assert second != first
    await noor.says("/mijngegevens | /mydata")
    await noor.sees(first, second)


async def test_withdrawing_is_as_easy_as_signing_up(shared: Running, noor: Someone) -> None:
    """One command and one tap remove everything; staff read that it is gone, and nothing of who it was."""
    reference = await noor.signs_up()
    notice = await shared.staff.sees(reference)
    await noor.says("/verwijderen | /forget")
    await noor.sees("data/forget", reference)
    await noor.taps("data:forget:confirm")
    await noor.sees("data/forgotten")
    await shared.staff.sees(reference)
    assert "Noor" not in notice.text
    await noor.says("/mijngegevens | /mydata")
    await noor.sees("data/none")


async def test_where_somebody_came_from_is_told_to_staff(shared: Running, channel: str, language: str) -> None:
    """A link's payload in Telegram, and ?source= on the page, stand with the lead in the staff chat and the mail."""
    source = f"nieuwsbrief-{channel}-{language}"
    async with meet(shared, channel, language, source) as noor:
        await noor.says(f"/start {source}" if isinstance(noor, OnTelegram) else "/start")
        await noor.sees("chat/welcome")
        reference = await noor.signs_up()
        assert source in (await shared.staff.sees(reference)).text
        assert source in body_of(await shared.gets_mail("anne@course.example", reference))


async def test_a_person_wanted(shared: Running, noor: Someone, channel: str, language: str) -> None:
    """A question goes to staff only after a yes, with an address for the answer; staff see who asks, and answer."""
    place = f"Almere-{channel}-{language}"
    await noor.signs_up()
    await noor.says("/contact")
    await noor.sees("contact/ask")
    await noor.says(f"Kan het in {place}?")
    await noor.sees("contact/confirm", place, "noor@example.org")
    await noor.says("ali@example.org")
    await noor.sees("contact/confirm", "ali@example.org")
    assert place not in "".join(shared.staff.said)
    await noor.taps("contact:forward")
    await noor.sees("contact/sent", "ali@example.org")
    notice = await shared.staff.sees(place)
    assert has(notice.text, "staff/question", "nl")
    assert "Noor de Vries" in notice.text
    assert "ali@example.org" in notice.text
    await shared.staff.reply(notice, "Ja, dat kan.", by="Bea")
    await noor.sees("Ja, dat kan.")


async def test_what_is_not_known_is_passed_on_with_a_yes(shared: Running, noor: Someone) -> None:
    """A question nobody published an answer to is offered to the contact person, and goes there after a yes."""
    await noor.says("krijg ik een certificaat? | do I get a certificate?")
    await noor.taps("contact:ask")
    await noor.sees("contact/confirm", "certificaat | certificate")
    await noor.says("nee | no")
    await noor.sees("contact/cancelled")
    await noor.says("krijg ik een certificaat? | do I get a certificate?")
    await noor.taps("contact:ask")
    await noor.sees("contact/confirm")
    await noor.says("ja | yes")
    sent = await noor.sees("contact/sent")
    found = REFERENCE.search(sent)
    assert found
    assert noor.in_own("certificaat | certificate") in (await shared.staff.sees(found[0])).text


async def test_five_sign_ups_a_day(noor: Someone) -> None:
    """After five in a day the bot kindly offers a person, and takes no sixth."""
    for number in range(5):
        if number:
            await noor.says("/aanmelden | /signup")
            await noor.taps("signup:another")
        else:
            await noor.says("/aanmelden | /signup")
        for answer in ("3", "1", "Utrecht", "Noor", "noor@example.org"):
            await noor.says(answer)
        await noor.submits()
    await noor.says("/aanmelden | /signup")
    await noor.taps("signup:another")
    await noor.sees("signup/limit", "/contact")


async def test_staff_answer_who_signed_up(shared: Running, noor: Someone) -> None:
    """A colleague's reply to a lead stands in the person's chat, as theirs, in the person's language."""
    reference = await noor.signs_up()
    notice = await shared.staff.sees(reference)
    await shared.staff.reply(notice, "Ik bel je morgen.", by="Anne")
    shown = await noor.sees("Ik bel je morgen.")
    if isinstance(noor, OnThePage):
        assert (await noor.history())[-1]["from"] == "staff"
    else:
        assert is_message(shown, "chat/staff_says", noor.language)
        assert "Anne" in shown
