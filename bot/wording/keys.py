"""
What the program asks of every messages folder: the keys of its messages, buttons and page strings.

The topics are not among them: those are the course's own. A key stands here when code names it.
"""

from bot.dialogue.fields import Form, Kind, Role
from bot.dialogue.reading.typed import WORDS


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _under(folder: str, names: str) -> list[str]:
    return [f"{folder}/{name}" for name in names.split()]


CHAT = (
    "apology attachment chatid chosen claimed cross despair did_you_mean edited expired fine follow_up language "
    "language_set menu network_limit no_lead no_wish nothing_to_cancel offer_contact oos rephrase slow_down sorry "
    "staff_says stale stuck stuck_person too_long unknown_command unpublished wait welcome welcome_back"
)
SIGN_UP = (
    "another cancel cancelled change_limit changed done email_typo lead limit not_yet noted "
    "noted_begin or_change resume review share_phone status unchanged unknown_lead why/review"
)
PROBLEM = "address ambiguous choice email empty line_break needed too_long"
DATA = "forget forgotten kept mine none"
TALK = "answer limit only_text over passed_on"
CONTACT = "ask cancelled confirm limit sent when"
STAFF = (
    "answer_delayed answer_failed answer_forgotten answer_mailed answer_waits answered aside bare edited export failed "
    "forgotten help history lead lead_changed lead_new leads messages_refused no_talk no_topic not_found note_how "
    "noted only_text person_says question questions removed reply_how state stats talk_over tap too_long topic "
    "topics_off unknown_command unreached"
)
MAIL = "lead_changed lead_forgotten lead_new question receipt staff_says unreached"
MESSAGES = (
    *_under("chat", CHAT),
    *_under("signup", SIGN_UP),
    *_under("signup/problem", PROBLEM),
    *_under("data", DATA),
    *_under("contact", CONTACT),
    *_under("talk", TALK),
    *_under("staff", STAFF),
)
PER_FIELD = ("signup/ask", "signup/why")  #: the folders that have a message for each field
MAILS = tuple(_under("mail", MAIL))
PAGES = ("data/file",)  #: messages that are a page of their own
DOCUMENTS = ("mail/", *PAGES)  #: how the names begin of those that are no chat message
MAIL_PARTS = ("subject.txt", "body.txt", "body.html")
PARTIALS = ("signup/_notice.html", "signup/_consent.html")  #: what the version of the consent is made of

BUTTONS = _names(
    "menu question:rephrase contact:ask contact:yes contact:forward contact:no signup:start signup:start@ "
    "signup:resume signup:skip signup:back signup:edit signup:more signup:submit signup:cancel signup:cancel:confirm "
    "signup:email:keep signup:email:fix signup:phone:share signup:another lead:show lead:edit data:show "
    "data:forget data:forget:no data:forget:confirm "
    "talk:end talk:answer staff:claim staff:contacted staff:planned staff:closed staff:release staff:reopen staff:more "
    "staff:send"
)
STATUSES = ("new", "claimed", "contacted", "planned", "closed")
KEYBOARDS = ("share_phone",)
NAVIGATION = tuple(dict.fromkeys(word for words in WORDS.values() for word in words))  #: what people type in each state
#: how people write answers besides: group of spellings -> its values
ANSWERING = {
    "range": ("between",),
    "negation": ("not", "but"),
    "lead_in": ("name", "organisation"),
    "instead": ("pass", "remove"),
}
#: the same, which a course may do without: group -> its values
NOT_NEEDED = {
    "details": (
        "belongs",
        "becomes",
        "corrects",
        "wrong",
        "alone",
        "speaks",
        "ends",
        "counted",
        "closing",
        "after_name",
        "of_form",
        "refers",
        "roles",
        "roughly",
        "again",
        "who",
    ),
    "assent": ("yes", "send", "filler"),
    "ordinals": ("1", "2", "3", "4", "5", "6", "last"),
}
#: what else these groups may have
MORE = {"lead_in": ("email", "phone", "role", "question", "remark"), "range": ("added",)}
BY_PLACE = ("lead_in", "details", "points")  #: groups in which the same words mean what they stand before, or behind
PAGE = _names(
    "bot by choices_label chosen contact contact_command conversation_label description download download_page earlier "
    "edit error error_cross_site error_empty error_failed error_forbidden error_invalid_json error_media_type "
    "error_message_id error_method error_not_found error_not_saved error_session error_slow_down "
    "error_text_or_choice error_timeout error_too_large error_too_long error_unavailable fact_1 fact_2 fact_3 "
    "fact_4 field_label first_choices forget forget_command given intro language_command "
    "language_label language_name menu "
    "menu_label more_choices my_data my_data_command name new_conversation new_conversation_confirm new_count "
    "new_line no noscript not_kept now offline online open person placeholder placeholder_answer privacy "
    "privacy_command progress promise robot send sending session_ended signup_command "
    "signup_label skip slow_down staff start "
    "start_hint title today too_long typing waiting yes yesterday you"
)


def of_form(form: Form) -> tuple[str, ...]:
    """The messages that ask for the fields of a form, say why, and what is no answer of their kind."""
    problems = [str(role) for role in (Role.NAME, Role.ORGANISATION) if role in form.roles]
    problems += ["phone", "not_own_phone", "country"] if form.of(Kind.PHONE) else []
    problems += [kind for kind in (Kind.NUMBER, Kind.DATE) if set(form.of(kind)) - {form.people}]
    problems += ["participants"] if form.people else []
    return (
        *(f"{folder}/{name}" for folder in PER_FIELD for name in form.by_name),
        *_under("signup/problem", " ".join(problems)),
        *(["signup/note/participants"] if form.people else ()),
    )


def key_of(name: str) -> str:
    """The key of a message file: its path without ending; a mail's is its folder."""
    return name.rpartition("/")[0] if name.startswith("mail/") else name.rpartition(".")[0]
