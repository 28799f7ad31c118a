"""Questions, the menu, language, a person wanted, one's own data: everything outside the sign-up."""

import json
from dataclasses import replace

import pytest

from bot.dialogue.events import Chosen, Edited, SentAttachment
from bot.dialogue.records import QuestionForwarded, QuestionMissed, State
from tests.dialogue.person import Person


@pytest.fixture
def ali() -> Person:
    person = Person()
    person.says("/start")
    return person


def forwarded(person: Person) -> list[QuestionForwarded]:
    return [effect for effect in person.effects if isinstance(effect, QuestionForwarded)]


def missed(person: Person) -> list[str]:
    return [effect.question for effect in person.effects if isinstance(effect, QuestionMissed)]


def test_a_topic_by_button_and_by_question(ali: Person) -> None:
    """A topic is answered when tapped or asked, with what people ask next, sign-up and the menu below it."""
    assert ali.says("wat kost het?") == ["topic/costs"]
    assert ali.replies[0].topic == "costs"
    assert ali.taps("topic:costs") == ["topic/costs"]
    assert ali.buttons() == ["topic:dates", "signup:start", "menu"]


def test_the_menu_is_offered_once(ali: Person) -> None:
    """Under an answer "all topics" stands once, also where the course itself offers it there."""
    assert ali.says("/help") == ["topic/help"]
    assert ali.buttons().count("menu") == 1


def test_two_questions_get_two_answers(ali: Person) -> None:
    """Two questions in one message are both answered, with one row of buttons at the end."""
    assert ali.says("wat kost het en wanneer is het?") == ["topic/costs", "topic/dates"]
    assert not ali.replies[0].buttons


def test_the_answer_comes_in_the_language_of_the_question(ali: Person) -> None:
    """An English question gets an English answer; the setting stays."""
    ali.says("what does it cost ?")
    assert (ali.replies[0].language, ali.conversation.language) == ("en", "nl")


def test_unsure_offers_topics_then_a_person(ali: Person) -> None:
    """Unsure: the nearest topics; unsure again: a person; and no dead end."""
    assert ali.says("misschien iets") == ["chat/did_you_mean"]
    assert ali.buttons() == ["topic:dates", "topic:costs", "question:rephrase"]
    assert ali.taps("question:rephrase") == ["chat/rephrase"]
    assert ali.state is State.REPHRASE
    assert ali.says("misschien toch") == ["chat/offer_contact"]
    assert ali.taps("contact:ask") == ["contact/confirm"]
    assert ali.replies[0].values["question"] == "misschien toch"
    assert missed(ali) == ["misschien iets", "misschien toch"]


def test_one_topic_that_is_near_is_taken_with_a_yes(ali: Person) -> None:
    """Where a single topic is offered, yes is that topic and no asks for other words."""
    for word, follows in (("ja", "topic/dates"), ("nee", "chat/rephrase")):
        ali.conversation = replace(ali.conversation, offer="topic:dates", question="misschien iets")
        assert ali.says(word)[0] == follows
        assert ali.conversation.question != word, "a bare word is never what is passed on"


def test_a_good_question_after_a_miss_starts_afresh(ali: Person) -> None:
    """Being understood once forgets the misses."""
    ali.says("misschien iets")
    ali.taps("topic:costs")
    assert ali.says("misschien iets") == ["chat/did_you_mean"]


def test_outside_the_course_is_said_kindly(ali: Person) -> None:
    """What lies outside gets no answer that is made up."""
    assert ali.says("hoe wordt het weer") == ["chat/oos"]
    assert ali.buttons() == ["contact:ask", "menu"]


def test_not_published_is_offered_to_a_person(ali: Person) -> None:
    """What belongs to the course but is not published goes to the contact person, if wanted."""
    assert ali.says("krijg ik een certificaat") == ["chat/unpublished"]
    assert ali.says("ja") == ["contact/confirm"]
    assert ali.says("verstuur") == ["contact/sent"]
    assert forwarded(ali)[0].question == "krijg ik een certificaat"


def test_what_is_known_is_answered_beside_what_is_not(ali: Person) -> None:
    """Of two questions in one message the known one is answered, and the other can go to the contact person."""
    assert ali.says("wat kost het en krijg ik een certificaat") == ["topic/costs", "chat/unpublished"]
    assert missed(ali) == ["wat kost het en krijg ik een certificaat"]
    assert ali.says("ja") == ["contact/confirm"]


def test_no_thanks_to_a_person(ali: Person) -> None:
    """Nothing is passed on without a yes."""
    ali.says("krijg ik een certificaat")
    assert ali.says("nee") == ["contact/cancelled"]
    assert not forwarded(ali)


def test_a_person_wanted(ali: Person) -> None:
    """The question, the address for the answer and the consent are asked; staff see who asked."""
    ali.signs_up()
    assert ali.says("/contact") == ["contact/ask"]
    assert ali.says("Kan het in Almere?") == ["contact/confirm"]
    assert ali.replies[0].values["reply_to"] == "noor@utrecht.nl"
    ali.says("ali@almere.nl")
    assert ali.says("Of in Lelystad?") == ["contact/confirm"], "what is added goes along"
    assert ali.taps("contact:forward") == ["contact/sent"]
    asked = forwarded(ali)[0]
    assert (asked.question, asked.reply_to, asked.name) == (
        "Kan het in Almere?\nOf in Lelystad?",
        "ali@almere.nl",
        "Noor de Vries",
    )
    assert ali.does(Chosen, "contact:forward") == ["chat/stale"], "a second tap passes nothing on"
    assert len(forwarded(ali)) == 1


def test_a_person_wanted_in_the_middle_of_a_sign_up(ali: Person) -> None:
    """After the question was passed on the sign-up goes on where it was."""
    ali.taps("signup:start")
    ali.says("beide")
    ali.says("/contact")
    ali.says("Kan het in Almere?")
    assert ali.taps("contact:forward") == ["contact/sent", "signup/ask/organisation_type"]


def test_a_question_to_pass_on_must_fit(ali: Person) -> None:
    """An empty or endless question is asked again."""
    ali.says("/contact")
    assert ali.says("  ") == ["contact/ask"]
    assert ali.says("x" * 2001) == ["chat/too_long", "contact/ask"]


def test_all_that_is_kept_can_be_seen(ali: Person) -> None:
    """Everything that is kept is shown, and given as a file."""
    assert ali.says("/mijngegevens") == ["data/none"]
    ali.signs_up()
    ali.says("/aanmelden")
    ali.taps("signup:another")
    ali.says("beide")
    assert ali.says("/mydata") == ["data/mine", "signup/ask/organisation_type"]
    file = ali.replies[0].file
    assert file is not None
    kept = json.loads(file.content)
    assert kept["leads"][0]["answers"]["name"] == "Noor de Vries"
    assert kept["draft"]["interest"] == "both"


def test_forgetting_is_asked_once_and_then_done(ali: Person) -> None:
    """Everything goes after one confirmation."""
    ali.signs_up()
    assert ali.says("/verwijderen") == ["data/forget"]
    assert ali.says("nee") == ["data/kept"]
    ali.says("/forget")
    offered = [one.id.partition("@")[0] for row in ali.replies[-1].buttons for one in row]
    assert offered == ["data:forget:no", "data:forget:confirm"], "what keeps everything comes first"
    no = ali.button("data:forget:no")
    assert ali.taps("data:forget:no") == ["data/kept"]
    assert ali.does(Chosen, no) == ["chat/stale"], "it means something under its question alone"
    ali.says("/forget")
    assert ali.says("menu") == ["data/kept"]
    ali.says("/forget")
    assert ali.taps("data:forget:confirm") == ["data/forgotten"]
    assert ali.forgotten()
    assert (ali.conversation.leads, ali.conversation.draft) == ((), None)


def test_forgetting_by_typing_and_within_fifteen_minutes(ali: Person) -> None:
    """A typed yes is enough; after fifteen minutes a tap or a yes changes nothing."""
    ali.says("/verwijderen")
    ali.later(minutes=16)
    assert ali.taps("data:forget:confirm") == ["chat/expired"]
    ali.says("/verwijderen")
    ali.later(minutes=16)
    assert ali.says("ja") == ["data/forget"]
    assert not ali.forgotten()
    ali.says("/verwijderen")
    assert ali.says("ja") == ["data/forgotten"]


FORGED = ["", "x", "signup:", "signup:nonsense:1", "topic:none", "language:xx", "lead:none:1", "data:other"]
FORGED_FOR_DRAFTS = ["signup:skip:name", "signup:submit@zzz", "signup:more", "signup:email:fix", "a:b:c:d:e@@@"]


@pytest.mark.parametrize("forged", FORGED + FORGED_FOR_DRAFTS)
def test_forged_buttons_change_nothing(ali: Person, forged: str) -> None:
    """A button that we never made says where things stand."""
    before = ali.conversation
    assert ali.does(Chosen, forged) == ["chat/stale"]
    assert ali.conversation == before


@pytest.mark.parametrize("token", ["zz", "ffffffffffffffffff", "1"])
def test_forged_times_change_nothing(ali: Person, token: str) -> None:
    """A made-up time on the button that removes everything is too old."""
    assert ali.does(Chosen, f"data:forget:confirm@{token}") == ["chat/expired"]


def test_the_rest_gets_a_kind_line(ali: Person) -> None:
    """Photos, edits, unknown commands and endless texts each get their own line."""
    assert ali.does(SentAttachment) == ["chat/attachment"]
    assert ali.does(Edited) == ["chat/edited"]
    assert ali.says("/leads") == ["chat/unknown_command"]
    assert ali.says("/") == ["chat/unknown_command"]
    assert ali.says("x" * 3000) == ["chat/too_long"]
    assert ali.says("/chatid@course_bot") == ["chat/chatid"]
    assert ali.replies[0].values == {"chat_id": "7"}


@pytest.mark.parametrize("typed", ["/annuleren.", "/ annuleren", "/Annuleren!", "/stop", "/cancel@course_bot."])
def test_a_command_as_people_type_it(ali: Person, typed: str) -> None:
    """A full stop behind a command, or a space in it, makes it no other."""
    ali.says("/aanmelden")
    assert ali.says(typed) == ["signup/cancel"]


@pytest.mark.parametrize("typed", ["/contact Is er ook een lunch bij?", "/contact: Is er ook een lunch bij?"])
def test_a_question_behind_the_command_is_the_question(ali: Person, typed: str) -> None:
    """Who types the question along with /contact need not type it again."""
    assert ali.says(typed) == ["contact/confirm"]
    assert ali.replies[0].values["question"] == "Is er ook een lunch bij?"


def test_language_by_typing_its_name(ali: Person) -> None:
    """Typing "English" is as good as the button."""
    assert ali.says("English") == ["chat/language_set"]
    assert ali.conversation.language == "en"


def test_help_and_privacy_by_command(ali: Person) -> None:
    """The commands answer their topics, in the middle of a sign-up too."""
    assert ali.says("/help") == ["topic/help"]
    ali.says("/signup")
    assert ali.says("/privacy") == ["topic/privacy", "signup/ask/interest"]
    ali.says("beide")
    assert ali.does(Chosen, "question:rephrase") == ["chat/rephrase", "signup/ask/organisation_type"]


def test_an_answer_comes_at_the_address_given_last(ali: Person) -> None:
    """A person's answer goes to the newest address: the sign-up's, one for the question alone, or a changed one."""
    ali.signs_up()
    asked: list[str | None] = []
    for address in ("", "thuis@example.org", ""):
        if address == "" and asked:
            ali.does(Chosen, f"lead:edit:{ali.conversation.leads[0].reference}")
            ali.taps("signup:edit:email")
            ali.says("nieuw@utrecht.nl")
            ali.taps("signup:submit")
        ali.says("/contact")
        ali.says("Kan ik een collega meenemen?")
        if address:
            ali.says(address)
        shown = ali.replies[0].values["reply_to"]
        ali.taps("contact:forward")
        asked.append(forwarded(ali)[-1].reply_to)
        assert asked[-1] == shown
    assert asked == ["noor@utrecht.nl", "thuis@example.org", "nieuw@utrecht.nl"]


@pytest.mark.parametrize("draft", [False, True])
def test_a_question_that_is_too_long_is_told_so_everywhere(ali: Person, draft: bool) -> None:
    """More than can be passed on to a person is told to be too long, whatever was asked; nothing is kept of it."""
    if draft:
        ali.signs_up(upto="review")
    for opening in ("/contact", "/verwijderen", "/aanmelden", "/annuleren"):
        ali.says(opening)
        assert ali.says(f"wat {'heel lang ' * 210}kost het?")[0].endswith("/too_long"), opening
        assert ali.conversation.question is None


def test_the_command_that_cancels_is_as_good_as_the_word(ali: Person) -> None:
    """Stopping by command does what it does by typing: what was asked last is what stops."""
    for word in ("annuleren", "/annuleren", "/cancel"):
        ali.says("/contact")
        assert ali.says(word) == ["contact/cancelled"]
        ali.says("/verwijderen")
        assert ali.says(word) == ["data/kept"]
        ali.says("/aanmelden")
        assert ali.says(word) == ["signup/cancel"]
        assert ali.says(word) == ["signup/cancelled"]


def test_a_second_tap_on_stop_stops_nothing(ali: Person) -> None:
    """Tapping "stop" twice asks twice: nothing given is lost by a double tap."""
    ali.signs_up(upto="review")
    for _ in range(2):
        assert ali.taps("signup:cancel") == ["signup/cancel"]
    assert ali.answers["name"] == "Noor de Vries"
