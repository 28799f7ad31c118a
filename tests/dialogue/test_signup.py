"""Signing up: the questions, the review, and everything a person may do in between."""

from dataclasses import replace

import pytest

from bot.dialogue.context import Match
from bot.dialogue.events import Chosen, SharedPhone, Typed
from bot.dialogue.reading.answers import clean
from bot.dialogue.records import Keyboard, State
from bot.dialogue.respond import respond
from tests.dialogue.person import Person, web_person
from tests.events import happens
from tests.form import OPTIONAL, REQUIRED


@pytest.fixture
def noor() -> Person:
    person = Person()
    person.says("/start")
    return person


def asking(person: Person) -> str | None:
    draft = person.conversation.draft
    return draft.step if draft else None


def test_from_welcome_to_reference_takes_eight_messages_of_the_bot(noor: Person) -> None:
    """A person with everything at hand is done after at most eight messages."""
    assert noor.signs_up() == ["signup/done"]
    assert len(noor.heard) <= 8
    assert noor.heard[-1].values["reference"] == noor.leads[0].lead.reference


def test_what_is_sent_is_what_was_typed(noor: Person) -> None:
    """Staff get exactly what the person gave, with when and to what they agreed."""
    noor.signs_up()
    lead = noor.leads[0].lead
    assert lead.answers == {
        "interest": "both",
        "organisation_type": "municipality",
        "organisation": "Gemeente Utrecht",
        "name": "Noor de Vries",
        "email": "noor@utrecht.nl",
    }
    assert (lead.consent_at, lead.consent_version, lead.consent_language) == (noor.now, "1", "nl")


def test_progress_and_notice_stand_at_the_first_question(noor: Person) -> None:
    """The first question says how many there are, and what the details are used for; the next ones only count."""
    noor.taps("signup:start")
    first = noor.replies[0].values
    noor.says("beide")
    second = noor.replies[0].values
    assert (first["number"], first["total"], first["notice"]) == (1, 5, True)
    assert (second["number"], second["total"], second["notice"]) == (2, 5, False)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("gemeente", "municipality"),
        ("wij zijn een woningcorporatie", "housing_corporation"),
        ("corpo", "housing_corporation"),
        ("2", "housing_corporation"),
        ("gemeete", "municipality"),
        ("municipality", "municipality"),
        ("NETBEHEERDER!", "energy_or_grid_company"),
    ],
)
def test_spelling_is_forgiven(noor: Person, typed: str, value: str) -> None:
    """A typed choice is as good as a tapped one, however it is written."""
    noor.taps("signup:start")
    noor.taps("signup:interest:both")
    noor.says(typed)
    assert noor.answers["organisation_type"] == value


def test_two_options_meant_is_asked(noor: Person) -> None:
    """Where two options could be meant, the bot asks which, and keeps the question open."""
    noor.taps("signup:start")
    noor.says("beide")
    assert noor.says("gemeente en woningcorporatie") == ["signup/problem/ambiguous"]
    assert noor.replies[0].values["options"] == ["municipality", "housing_corporation"]
    assert asking(noor) == "organisation_type"


@pytest.mark.parametrize(
    ("step", "typed", "problem"),
    [
        ("interest", "blauw", "choice"),
        ("organisation", "www.utrecht.nl", "address"),
        ("organisation", "Gemeente\nUtrecht", "line_break"),
        ("organisation", "!!!", "organisation"),
        ("organisation", "x" * 201, "too_long"),
        ("name", "www.utrecht.nl", "address"),
        ("name", "12345", "name"),
        ("email", "geen adres", "email"),
        ("email", " ", "empty"),
    ],
)
def test_a_wrong_answer_gets_a_reason_and_loses_nothing(noor: Person, step: str, typed: str, problem: str) -> None:
    """An answer that cannot be right gets its own reason; what was given before stays."""
    noor.taps("signup:start")
    for text in ("beide", "gemeente", "Gemeente Utrecht", "Noor de Vries")[: REQUIRED.index(step)]:
        noor.says(text)
    before = dict(noor.answers)
    assert noor.says(typed) == [f"signup/problem/{problem}"]
    assert (asking(noor), dict(noor.answers)) == (step, before)


@pytest.mark.parametrize("name", ["Noor", "Anne-Marie van 't Hof", "Zoë Ångström", "Jan Jansen-d'Arc", "李小龍"])
def test_real_names_are_names(noor: Person, name: str) -> None:
    """Whatever a real name can have is taken as it is."""
    noor.taps("signup:start")
    for text in ("beide", "gemeente", "Utrecht", name):
        noor.says(text)
    assert noor.answers["name"] == name


def test_back_shows_the_previous_question_with_its_answer(noor: Person) -> None:
    """Going back shows what was given there; answering goes on where one was."""
    noor.taps("signup:start")
    noor.says("beide")
    noor.says("gemeente")
    assert noor.taps("signup:back") == ["signup/ask/organisation_type"]
    assert noor.replies[0].values["answer"] == "municipality"
    noor.says("woningcorporatie")
    assert (asking(noor), noor.answers["organisation_type"]) == ("organisation", "housing_corporation")


def test_back_at_the_first_question_asks_it_again(noor: Person) -> None:
    """There is nothing before the first question."""
    noor.taps("signup:start")
    assert noor.says("terug") == ["signup/ask/interest"]


def test_a_question_in_the_middle_is_answered_and_the_field_asked_again(noor: Person) -> None:
    """Asking what it costs during the sign-up loses nothing."""
    noor.taps("signup:start")
    noor.says("beide")
    noor.says("gemeente")
    assert noor.says("wat kost het eigenlijk?") == ["topic/costs", "signup/ask/organisation"]
    assert noor.says("Stichting Wat Nu?") == ["signup/ask/name"]
    assert noor.answers["organisation"] == "Stichting Wat Nu?"


def test_a_remark_may_be_a_question(noor: Person) -> None:
    """Whatever is typed as a remark is kept, line breaks and question marks too."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    while asking(noor) != "remark":
        noor.taps(f"signup:skip:{asking(noor)}")
    noor.says("wat kost het?\nEn wanneer?")
    assert noor.answers["remark"] == "wat kost het?\nEn wanneer?"


def test_cancel_asks_once_and_keeps_nothing(noor: Person) -> None:
    """Stopping is asked once, can be taken back, and leaves nothing behind."""
    noor.taps("signup:start")
    noor.says("beide")
    assert noor.says("stop") == ["signup/cancel"]
    assert noor.says("nee") == ["signup/ask/organisation_type"]
    noor.says("/annuleren")
    assert noor.taps("signup:cancel:confirm") == ["signup/cancelled"]
    assert noor.conversation.draft is None
    assert noor.says("/annuleren") == ["chat/nothing_to_cancel"]


def test_start_again_offers_to_go_on(noor: Person) -> None:
    """Coming back shows what was given; going on asks where one was."""
    noor.taps("signup:start")
    noor.says("beide")
    noor.later(days=7)
    assert noor.says("/start") == ["signup/resume"]
    assert noor.replies[0].values["answers"] == [("interest", "both")]
    assert noor.taps("signup:resume") == ["signup/ask/organisation_type"]


def test_starting_over_begins_an_empty_sign_up(noor: Person) -> None:
    """Beginning again forgets the unfinished sign-up, and only then."""
    noor.taps("signup:start")
    old = noor.button("signup:start")
    noor.says("beide")
    noor.says("/start")
    assert noor.does(Chosen, old) == ["signup/resume"], "an older button loses nothing"
    assert noor.taps("signup:start") == ["signup/ask/interest"]
    assert not noor.answers


def test_the_menu_lets_the_sign_up_wait(noor: Person) -> None:
    """Looking around in between: the menu offers to go on."""
    noor.taps("signup:start")
    noor.says("beide")
    assert noor.says("menu") == ["chat/menu"]
    assert "signup:resume" in noor.buttons()
    assert noor.taps("topic:costs") == ["topic/costs"]
    assert noor.taps("signup:resume") == ["signup/ask/organisation_type"]


def test_the_review_changes_one_answer_with_one_tap(noor: Person) -> None:
    """Each answer can be changed and one is back at the review."""
    noor.signs_up(upto="review")
    assert noor.taps("signup:edit:name") == ["signup/ask/name"]
    assert noor.says("Noor Bakker") == ["signup/review"]
    assert noor.answers["name"] == "Noor Bakker"
    noor.says("organisatie")
    assert noor.taps("signup:back") == ["signup/review"]
    assert noor.says("wat kost het?") == ["topic/costs", "signup/review"]
    assert noor.says("verstuur") == ["signup/done"]


def test_optional_questions_can_each_be_skipped(noor: Person) -> None:
    """The optional questions come in their order; skipping all ends at the review."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    seen = []
    while noor.state is State.ASK:
        seen.append(str(asking(noor)))
        noor.taps(f"signup:skip:{seen[-1]}")
    assert (tuple(seen), noor.state) == (OPTIONAL, State.REVIEW)


def test_going_back_from_the_first_optional_question_is_the_review(noor: Person) -> None:
    """The optional questions are left the way they were entered."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    noor.says("Projectleider")
    assert noor.taps("signup:back") == ["signup/ask/role"]
    assert noor.taps("signup:back") == ["signup/review"]
    assert noor.says("terug") == ["signup/ask/email"]


@pytest.mark.parametrize(("typed", "kept"), [("5", "5"), ("20 mensen", "20"), ("ongeveer 12", "12")])
def test_a_group_outside_the_course_gets_a_word_and_is_kept(noor: Person, typed: str, kept: str) -> None:
    """A group too small or too large is explained, not refused."""
    noor.signs_up(upto="review")
    noor.taps("signup:edit:name")
    noor.says("Noor")
    noor.taps("signup:more")
    while asking(noor) != "participants":
        noor.taps(f"signup:skip:{asking(noor)}")
    keys = noor.says(typed)
    assert noor.answers["participants"] == kept
    assert ("signup/note/participants" in keys) == (not 6 <= int(kept) <= 16)


def test_an_optional_answer_can_be_taken_out(noor: Person) -> None:
    """Whoever changes an optional answer and then skips it has it taken out; going back keeps it."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    noor.says("Projectleider")
    while asking(noor):
        noor.taps(f"signup:skip:{asking(noor)}")
    noor.taps("signup:edit:role")
    assert noor.taps("signup:back") == ["signup/review"]
    assert noor.answers["role"] == "Projectleider"
    noor.taps("signup:edit:role")
    assert noor.taps("signup:skip:role") == ["signup/review"]
    assert "role" not in noor.answers
    assert "signup:edit:role" not in noor.buttons()


def test_who_walks_past_an_optional_answer_keeps_it(noor: Person) -> None:
    """Skipping a question one only came back to loses nothing; saying that there is none takes the answer out."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    noor.says("Projectleider")
    noor.taps("signup:back")
    assert noor.says("overslaan") == ["signup/ask/phone"]
    assert noor.answers["role"] == "Projectleider"
    noor.says("terug")
    assert noor.says("-") == ["signup/ask/phone"]
    assert "role" not in noor.answers


def test_taking_an_answer_out_of_a_sent_lead_is_a_change(noor: Person) -> None:
    """Staff hear of an answer that was taken out as of any other change."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    while asking(noor):
        noor.says("Almere") if asking(noor) == "place" else noor.says("overslaan")
    noor.taps("signup:submit")
    noor.taps(f"lead:edit:{noor.leads[0].lead.reference}")
    noor.taps("signup:edit:place")
    noor.says("nee")
    assert noor.taps("signup:submit") == ["signup/changed"]
    assert noor.leads[-1].before == noor.leads[0].lead
    assert "place" not in noor.leads[-1].lead.answers


@pytest.mark.parametrize("typed", ["0", "1000", "veel", "6-12-2026", "16-6", "2,5", "-3"])
def test_no_number_of_participants_is_asked_again(noor: Person, typed: str) -> None:
    """What is no whole number from 1 to 999 is asked again."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    while asking(noor) != "participants":
        noor.taps(f"signup:skip:{asking(noor)}")
    assert noor.says(typed) == ["signup/problem/participants"]


def test_a_likely_typo_is_asked_about(noor: Person) -> None:
    """An address that looks mistyped is asked about: mended with one tap, or kept."""
    for reply, address in (("signup:email:fix", "noor@gmail.com"), ("signup:email:keep", "noor@gmial.com")):
        person = Person()
        person.taps_or_says("signup:start", "/signup")
        for text in ("beide", "gemeente", "Utrecht", "Noor"):
            person.says(text)
        assert person.says("noor@gmial.com") == ["signup/email_typo"]
        assert person.taps(reply) == ["signup/review"]
        assert person.answers["email"] == address


def test_a_typo_can_be_answered_by_typing(noor: Person) -> None:
    """Yes, no or another address are understood; going back asks the address again."""
    for typed, address in (("ja", "noor@gmail.com"), ("nee", "noor@gmial.com"), ("n@x.nl", "n@x.nl")):
        person = Person()
        person.says("/aanmelden")
        for text in ("beide", "gemeente", "Utrecht", "Noor", "noor@gmial.com"):
            person.says(text)
        assert person.says(typed) == ["signup/review"]
        assert person.answers["email"] == address
    person = Person()
    person.says("/aanmelden")
    for text in ("beide", "gemeente", "Utrecht", "Noor", "noor@gmial.com"):
        person.says(text)
    assert person.says("terug") == ["signup/ask/email"]


def test_phone_by_telegrams_own_keyboard(noor: Person) -> None:
    """Sharing one's own contact answers the phone question, and the keyboard goes away again."""
    noor.signs_up(upto="review")
    noor.taps("signup:more")
    noor.says("Projectleider")
    assert noor.taps("signup:phone:share") == ["signup/share_phone"]
    assert [reply.keyboard for reply in noor.replies] == [Keyboard.SHARE_PHONE]
    assert noor.does(SharedPhone, "31612345678", own=False) == ["signup/problem/not_own_phone"]
    assert [reply.keyboard for reply in noor.replies] == [Keyboard.REMOVE]
    noor.does(SharedPhone, "31612345678")
    assert noor.answers["phone"] == "+31612345678"


def test_the_web_has_no_contact_to_share() -> None:
    """On a page there is no keyboard to share a contact with; the number is typed."""
    person = web_person()
    person.signs_up(upto="review")
    person.taps("signup:more")
    person.says("Projectleider")
    assert "signup:phone:share" not in person.buttons()
    assert person.says("deel") == ["signup/problem/phone"]


def test_a_shared_contact_without_a_sign_up_is_kindly_declined(noor: Person) -> None:
    """Nothing is kept of a contact that nobody asked for."""
    assert noor.does(SharedPhone, "31612345678") == ["chat/attachment"]


def test_a_pasted_tab_parts_words() -> None:
    """A name pasted from a spreadsheet keeps its words apart."""
    assert clean("Gemeente\tUtrecht") == "Gemeente Utrecht"


def test_a_late_yes_is_asked_again_and_then_works() -> None:
    """Who says yes to removal after the term is asked once more, with a new term, and then it is done."""
    person = Person()
    person.signs_up()
    person.says("/verwijderen")
    person.later(minutes=20)
    assert person.says("ja") == ["data/forget"]
    assert person.says("ja") == ["data/forgotten"]


def test_back_from_a_mistyped_address_asks_for_it_again(noor: Person) -> None:
    """An address that looks mistyped is never taken by going back, also when it is changed from the review."""
    noor.signs_up(upto="review")
    noor.taps("signup:edit:email")
    assert noor.says("noor@gmial.com") == ["signup/email_typo"]
    assert noor.says("terug") == ["signup/ask/email"]
    assert noor.says("terug") == ["signup/review"]


def test_a_text_at_the_review_is_looked_at_once(noor: Person) -> None:
    """What is typed at the review costs one look by the matcher, the slowest part of a turn."""
    noor.signs_up(upto="review")
    asked: list[str] = []
    context = noor.context()
    event = happens(Typed, "wat kost het?", id="1", chat=noor.conversation.chat, at=noor.now)

    def counted(text: str, language: str) -> Match:
        asked.append(text)
        return context.match(text, language)

    respond(noor.conversation, event, replace(context, match=counted))
    assert asked == ["wat kost het?"]
