"""Signing up, written as chats: each holds in Telegram and on the web page, in Dutch and in English."""

import pytest

from tests.journey.someone import OldButton, OnTelegram, OnThePage, Someone
from tests.said import has

pytestmark = pytest.mark.asyncio(loop_scope="module")

SPELLINGS = {
    "interest": [
        ("allebei graag | both please", "labels/options/interest/both"),
        ("2", "labels/options/interest/longer_support"),
        ("doe maar de crash course | just the crash course", "labels/options/interest/crash_course"),
        ("alebei | the cuorse", "labels/options/interest/both | labels/options/interest/crash_course"),
    ],
    "organisation_type": [
        ("gemeente | municipality", "labels/options/organisation_type/municipality"),
        (
            "wij zijn een woningcorporatie | we are a housing association",
            "labels/options/organisation_type/housing_corporation",
        ),
        ("corpo | landlord", "labels/options/organisation_type/housing_corporation"),
        ("gemeete | municpality", "labels/options/organisation_type/municipality"),
        ("5", "labels/options/organisation_type/builder_or_installer"),
        ("NETBEHEERDER! | GRID OPERATOR!", "labels/options/organisation_type/energy_or_grid_company"),
    ],
}
REAL_NAMES = (
    "Noor", "Anne-Marie van 't Hof", "Zoë Ångström", "Jan Jansen-d’Arc", "S. van der Meer-ten Have", "Łukasz Ñúñez",
    "李小龍", "Ko O'Neill",
)  # fmt: skip
NO_NAMES = (
    ("www.noor.nl", "signup/problem/address"),
    ("Noor\nde Vries", "signup/problem/line_break"),
    ("12345", "signup/problem/name"),
)
OPTIONAL = ("role", "phone", "group_composition", "participants", "place", "period", "remark")
MORE = ("Projectleider", "0612345678", "1", "12", "Almere", "najaar", "Graag met de corporatie.\nTot dan!")


async def test_the_required_part_takes_at_most_eight_messages(noor: Someone) -> None:
    """Somebody with everything at hand has their reference after at most eight messages of the bot."""
    await noor.says("/start")
    await noor.sees("chat/welcome")
    assert await noor.signs_up()
    assert noor.told <= 8


@pytest.mark.parametrize("field", SPELLINGS)
async def test_spelling_is_forgiven(noor: Someone, field: str) -> None:
    """However a choice is typed, the button that was meant is chosen."""
    await noor.says("/aanmelden | /signup")
    if field == "organisation_type":
        await noor.says("3")
    await noor.sees(f"signup/ask/{field}")
    for typed, meant in SPELLINGS[field]:
        await noor.says(typed)
        await noor.taps("signup:back")
        await noor.sees(f"signup/ask/{field}", "signup/_given", meant)


async def test_where_two_could_be_meant_the_bot_asks(noor: Someone) -> None:
    """An answer that fits two buttons is not guessed: both are named, and the question stays open."""
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.says("gemeente en woningcorporatie | municipality and housing corporation")
    await noor.sees("signup/problem/ambiguous", "labels/options/organisation_type/municipality", "corporati")
    await noor.taps("signup:organisation_type:housing_corporation")
    await noor.sees("signup/ask/organisation")


async def test_a_question_in_the_middle_is_answered(noor: Someone) -> None:
    """A question is told apart from an answer, answered, and the open field is asked again; nothing is lost."""
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.says("1")
    await noor.says("wat kost het eigenlijk? | what does it cost, actually?")
    await noor.sees("topic/costs")
    await noor.sees("signup/ask/organisation")
    await noor.says("Stichting Wat Nu? | Foundation What Now?")
    await noor.sees("signup/ask/name")
    await noor.says("Noor de Vries")
    await noor.sees("signup/ask/email")
    await noor.says("waarom willen jullie mijn e-mail? | why do you want my e-mail?")
    await noor.sees("topic/privacy")
    await noor.sees("signup/ask/email")
    await noor.says("noor@example.org")
    await noor.sees("signup/review", "Wat Nu? | What Now?", "Noor de Vries", "labels/options/interest/both")


async def test_coming_back_goes_on_or_starts_again(noor: Someone) -> None:
    """Another /start shows the draft, and goes on where it was or starts again."""
    await noor.says("/aanmelden | /signup")
    for answer in ("3", "1", "Gemeente Utrecht"):
        await noor.says(answer)
    await noor.sees("signup/ask/name")
    await noor.says("/start")
    await noor.sees("signup/resume", "Gemeente Utrecht", "labels/options/interest/both")
    await noor.taps("signup:resume")
    await noor.sees("signup/ask/name")
    await noor.says("/start")
    await noor.taps("signup:start")
    await noor.sees("signup/ask/interest")
    if isinstance(noor, OnTelegram):
        assert any(chosen(noor, said, "labels/buttons/signup:start@") for said in noor.person.said)
    await noor.says("/mijngegevens | /mydata")
    await noor.sees("data/none")


async def test_cancelling_asks_once_and_keeps_nothing(noor: Someone) -> None:
    """Stopping is asked once and can be taken back; after a yes nothing is left."""
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.says("stop")
    await noor.sees("signup/cancel")
    await noor.says("nee | no")
    await noor.sees("signup/ask/organisation_type")
    await noor.says("/annuleren | /cancel")
    await noor.taps("signup:cancel:confirm")
    await noor.sees("signup/cancelled")
    await noor.says("/mijngegevens | /mydata")
    await noor.sees("data/none")


@pytest.mark.parametrize("by", ["command", "button"])
async def test_the_language_switches_in_the_middle(noor: Someone, by: str) -> None:
    """In the middle of a sign-up the bot goes on in the other language, with everything that was given."""
    await noor.says("/aanmelden | /signup")
    for answer in ("3", "1", "Gemeente Utrecht"):
        await noor.says(answer)
    await noor.says("/taal | /language")
    other = "en" if noor.language == "nl" else "nl"
    if by == "button":
        await noor.taps(f"language:{other}")
    else:
        await noor.says("English | Nederlands")
    noor.language = other
    await noor.sees("signup/ask/name")
    await noor.says("Noor")
    await noor.says("noor@example.org")
    await noor.sees("signup/review", "Gemeente Utrecht", "labels/options/interest/both")
    assert await noor.submits()


async def test_resuming_in_another_language(noor: Someone) -> None:
    """An unfinished sign-up goes on in the other language, and the draft is shown in it first."""
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.says("menu")
    await noor.says("/taal | /language")
    other = "en" if noor.language == "nl" else "nl"
    await noor.taps(f"language:{other}")
    noor.language = other
    await noor.says("/start")
    await noor.sees("signup/resume", "labels/options/interest/both")
    await noor.says("ga verder | continue")
    await noor.sees("signup/ask/organisation_type")


async def test_each_optional_question_can_be_skipped(noor: Someone) -> None:
    """Whoever tells more is asked each of the optional questions, and may skip it."""
    await noor.signs_up(upto="review")
    await noor.taps("signup:more")
    for field in OPTIONAL:
        await noor.sees(f"signup/ask/{field}")
        await noor.taps(f"signup:skip:{field}")
    review = await noor.sees("signup/review")
    assert noor.in_own("labels/fields/role") not in review


async def test_each_answer_is_changed_with_one_tap(noor: Someone) -> None:
    """The review shows all twelve answers; a tap asks one again, and one is back at the review."""
    await noor.signs_up(upto="review")
    await noor.taps("signup:more")
    for answer in MORE:
        await noor.says(answer)
    review = await noor.sees("signup/review", "+31612345678", "najaar", "Almere", "Tot dan!")
    assert noor.in_own("labels/options/group_composition/one_municipality") in review
    for field, answer, shown in (
        ("interest", "1", "labels/options/interest/crash_course"),
        ("organisation_type", "2", "labels/options/organisation_type/housing_corporation"),
        ("organisation", "De Alliantie", "De Alliantie"),
        ("name", "Noor Bakker", "Noor Bakker"),
        ("email", "bakker@example.org", "bakker@example.org"),
        ("role", "Directeur", "Directeur"),
        ("phone", "+32 470 12 34 56", "+32470123456"),
        ("group_composition", "3", "labels/options/group_composition/several_municipalities"),
        ("participants", "14", "14"),
        ("place", "Lelystad", "Lelystad"),
        ("period", "voorjaar", "voorjaar"),
        ("remark", "Graag een lunch", "Graag een lunch"),
    ):
        await noor.taps(f"signup:edit:{field}")
        await noor.sees(f"signup/ask/{field}", "signup/_given")
        await noor.says(answer)
        await noor.sees("signup/review", shown)
    assert await noor.submits()


async def test_real_names_are_taken_and_addresses_are_not(noor: Someone) -> None:
    """A name may have everything a real name has; a link or a line break is kindly sent back."""
    await noor.signs_up(upto="review")
    for name in REAL_NAMES:
        await noor.taps("signup:edit:name")
        await noor.types(name)
        await noor.sees("signup/review", name)
    await noor.taps("signup:edit:name")
    for typed, why in NO_NAMES:
        await noor.types(typed)
        await noor.sees(why)
    await noor.says("terug | back")
    await noor.sees("signup/review", REAL_NAMES[-1])


async def test_a_likely_typo_is_asked_about_never_refused(noor: Someone) -> None:
    """An address that looks mistyped is mended or kept with one tap or one word; what is none is asked again."""
    await noor.signs_up(*("3", "1", "Utrecht", "Noor", "noor@gmail.com"), upto="review")
    for answer, address in (
        ("signup:email:fix", "noor@gmail.com"),
        ("signup:email:keep", "noor@gmial.com"),
        ("ja | yes", "noor@gmail.com"),
        ("nee | no", "noor@gmial.com"),
        ("ander@example.org", "ander@example.org"),
    ):
        await noor.taps("signup:edit:email")
        await noor.says("noor@gmial.com")
        await noor.sees("signup/email_typo", "noor@gmial.com", "noor@gmail.com")
        await (noor.taps(answer) if answer.startswith("signup:") else noor.says(answer))
        await noor.sees("signup/review", address)
    await noor.taps("signup:edit:email")
    await noor.says("noor@gmail")
    await noor.sees("signup/problem/email")


async def test_phone_numbers_of_every_country(noor: Someone) -> None:
    """A number is Dutch by default, any country is taken, and it is kept in one form."""
    await noor.signs_up(upto="review")
    for typed, kept in (
        ("06-12 34 56 78", "+31612345678"),
        ("020 624 1111", "+31206241111"),
        ("0031 6 12345678", "+31612345678"),
        ("+49 30 901820", "+4930901820"),
        ("mijn nummer is +32 470 12 34 56 | my number is +32 470 12 34 56", "+32470123456"),
    ):
        await noor.says("telefoon | phone")
        await noor.says(typed)
        await noor.sees("signup/review", kept)
    await noor.taps("signup:edit:phone")
    await noor.sees("signup/ask/phone", "signup/_given")
    await noor.says("12345")
    await noor.sees("signup/problem/phone", "labels/examples/phone")


async def test_a_shared_contact_is_ones_own(noor: Someone) -> None:
    """In Telegram one's own number is shared with one tap, nobody else's; on the page the number is typed."""
    await noor.signs_up(upto="review")
    await noor.taps("signup:more")
    await noor.says("Projectleider")
    await noor.sees("signup/ask/phone")
    if isinstance(noor, OnThePage):
        with pytest.raises(AssertionError, match="no button"):
            await noor.taps("signup:phone:share")
        return
    assert isinstance(noor, OnTelegram)
    await noor.taps("signup:phone:share")
    await noor.sees("signup/share_phone")
    assert noor.person.offers_contact()
    await noor.person.share_contact(own=False, phone="31699999999")
    await noor.sees("signup/problem/not_own_phone")
    assert not noor.person.offers_contact()
    await noor.taps("signup:phone:share")
    await noor.sees("signup/share_phone")
    await noor.person.share_contact()
    await noor.sees("signup/ask/group_composition")
    assert not noor.person.offers_contact()
    await noor.says("/mijngegevens | /mydata")
    shown = await noor.sees("+31612345678")
    assert "+31699999999" not in shown


async def test_a_group_of_another_size_is_explained_and_kept(noor: Someone) -> None:
    """Too few or too many: the course's size is said, that a group may be mixed, who thinks along; it is kept."""
    await noor.signs_up(upto="review")
    await noor.taps("signup:more")
    for _ in range(3):
        await noor.says("overslaan | skip")
    await noor.sees("signup/ask/participants")
    await noor.says("ongeveer 40 | about 40")
    await noor.sees("signup/note/participants", "40", "6", "16", "Anne Kunst")
    for count, explained in (("5", True), ("12", False)):
        await noor.says("terug | back")
        await noor.sees("signup/ask/participants", "signup/_given")
        await noor.says(count)
        if explained:
            await noor.sees("signup/note/participants")
        await noor.sees("signup/ask/place")
    await noor.says("terug | back")
    await noor.sees("signup/ask/participants", "signup/_given", "12")


async def test_an_older_button_changes_its_own_answer_only(noor: Someone) -> None:
    """A button further up changes its own answer, and the open question is asked again."""
    await noor.says("/aanmelden | /signup")
    interest = await noor.remembers("signup:interest:crash_course")
    for answer in ("3", "1", "Gemeente Utrecht"):
        await noor.says(answer)
    await noor.sees("signup/ask/name")
    await noor.taps_old(interest)
    await noor.sees("signup/ask/name")
    await noor.says("Noor")
    await noor.says("noor@example.org")
    await noor.sees("signup/review", "labels/options/interest/crash_course", "Gemeente Utrecht")


async def test_a_button_of_another_draft_changes_nothing(noor: Someone) -> None:
    """A button of a sign-up that was stopped, or sent, says where things stand."""
    await noor.says("/aanmelden | /signup")
    old = await noor.remembers("signup:interest:crash_course")
    await noor.says("/annuleren | /cancel")
    await noor.taps("signup:cancel:confirm")
    await noor.says("/aanmelden | /signup")
    await noor.says("3")
    await noor.sees("signup/ask/organisation_type")
    await noor.taps_old(old)
    await noor.sees("chat/stale")
    await noor.sees("signup/ask/organisation_type")
    await noor.says("/mijngegevens | /mydata")
    await noor.sees("labels/options/interest/both")


async def test_an_expired_button_removes_nothing(noor: Someone) -> None:
    """The button that removes everything works for fifteen minutes; an older one does nothing, and says so."""
    reference = await noor.signs_up()
    await noor.says("/verwijderen | /forget")
    await noor.sees("data/forget")
    fresh = await noor.remembers("data:forget:confirm")
    token = int(fresh.id.partition("@")[2], 16)
    await noor.taps_old(OldButton(id=f"data:forget:confirm@{token - 16 * 60:x}", message=fresh.message))
    await noor.sees("chat/expired")
    await noor.says("/mijngegevens | /mydata")
    await noor.sees(reference)


async def test_what_was_chosen_stays_readable(noor: Someone) -> None:
    """Scrolled back one reads what was chosen, and a message whose button was tapped has none left (in Telegram)."""
    await noor.says("/aanmelden | /signup")
    await noor.taps("signup:interest:both")
    await noor.taps("signup:organisation_type:municipality")
    await noor.sees("signup/ask/organisation")
    if isinstance(noor, OnThePage):
        own = [one["text"] for one in await noor.history() if one["from"] == "person"]
        assert own[-2:] == [
            noor.in_own("labels/options/interest/both"),
            noor.in_own("labels/options/organisation_type/municipality"),
        ]
        return
    assert isinstance(noor, OnTelegram)
    first, second = [message for message in noor.person.chat if message.by_bot][:2]
    assert not first.buttons
    assert not second.buttons
    assert chosen(noor, first.text, "labels/options/interest/both")
    assert chosen(noor, second.text, "labels/options/organisation_type/municipality")


def chosen(noor: Someone, text: str, name: str) -> bool:
    """Whether a message says at its end that the button with this label was tapped."""
    return has(text, "chat/chosen", noor.language) and text.endswith(noor.in_own(name))
