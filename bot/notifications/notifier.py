"""Who is told what when something happened: from an effect to the messages that leave. Pure: nothing is sent here."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from bot.addresses.reading import wire_address
from bot.dialogue.fields import Form, Role
from bot.dialogue.leads import shown_lead
from bot.dialogue.records import Conversation, Effect, Lead, LeadSaved, LeadWithdrawn, QuestionForwarded
from bot.leads.exports import lead_record
from bot.notifications.cards import Cards
from bot.notifications.names import plain_name
from bot.turns.opening import opened
from bot.wording import Wording
from bot.wording.cleaning import shortened
from bot.wording.records import Mail, Rendered
from storage.case_records import Card, Case
from storage.contents import Content, Edit, Hook, Letter, Send, Topic, TopicChange
from storage.records import TOPIC, Notice, Outgoing

if TYPE_CHECKING:
    from bot.settings import Settings

WEBHOOK_LANE = "webhook"
_CHANGE_SHOWN = 300  #: characters of an answer in the staff chat's list of changes; the mail has all of it

Why = Literal["asked", "expired"]
"""Why something was removed: the person asked for it, or it was kept long enough."""
Change = tuple[str, str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class Ways:
    """The ways in which people are told, as the settings have them."""

    language: str  #: of staff
    staff_chat: str | None = None
    mail_to: str | None = None  #: the contact persons' addresses, comma-separated; None: no mail to staff
    reply_to: str | None = None  #: where a person's answer to a receipt goes
    mail_domain: str = "localhost"  #: the right-hand side of Message-IDs
    webhook: bool = False

    @property
    def mailboxes(self) -> tuple[str, ...]:
        """The addresses that mail to staff goes to."""
        return tuple(one.strip() for one in (self.mail_to or "").split(",") if one.strip())

    @classmethod
    def of(cls, settings: "Settings") -> "Ways":
        """The ways that these settings give. Mail to a folder is written even when nobody is named to get it."""
        nobody = settings.mail_from if settings.mail_kind == "file" else None
        return cls(
            language=settings.default_language,
            staff_chat=settings.staff_chat if settings.telegram_on else None,
            mail_to=settings.contact_email or nobody,
            reply_to=settings.contact_email,
            mail_domain=settings.mail_from.rpartition("@")[2],
            webhook=settings.lead_webhook_url is not None,
        )


@dataclass(frozen=True, kw_only=True)
class _Subject:
    """What a message is about: so that it can be found when it must be forgotten."""

    at: datetime
    chat: str | None = None
    lead: str | None = None
    question: str | None = None


class Notifier:
    """Makes the outgoing messages that an effect asks for."""

    def __init__(self, wording: Wording, ways: Ways) -> None:
        self._wording = wording
        self._ways = ways
        self._cards = Cards(wording, ways.language)

    def outgoing(
        self, effect: Effect, conversation: Conversation, now: datetime, case: Case | None = None
    ) -> list[Outgoing]:
        """
        The messages that tell of this effect, to be committed together with it.

        ``case``: as the effect leaves it; None: what is new, and what an earlier release kept no case of.
        """
        match effect:
            case LeadSaved():
                return self._lead_saved(effect, conversation, now, case)
            case QuestionForwarded():
                return self._question(effect, conversation, now)
            case LeadWithdrawn(leads=leads) if leads:
                return self.forgotten(leads, now)
            case _:
                return []

    def forgotten(self, leads: Sequence[Lead], now: datetime) -> list[Outgoing]:
        """The messages that tell of removed leads, without a detail of them."""
        subject = _Subject(at=now)
        messages = self._staff("staff/forgotten", {"count": len(leads)}, subject)
        for lead in leads:
            reference = lead.reference
            messages += self._mail("mail/lead_forgotten", {"reference": reference}, subject, reference)
            messages += self._hook("lead.forgotten", {"reference": reference}, subject, reference)
        return messages

    def refused(self, faults: Sequence[str], now: datetime) -> list[Outgoing]:
        """The message that tells staff that an edit of the messages has faults, so that the earlier ones are used."""
        values = {"fault": faults[0], "count": len(faults)}
        return self._staff("staff/messages_refused", values, _Subject(at=now))

    def unreached(self, message: Outgoing, now: datetime, anybody: bool = False) -> list[Outgoing]:
        """
        The messages that tell staff that mail does not reach the person of a lead or question; with ``anybody`` nor
        others, since the mail server refuses us.
        """
        reference = message.lead or message.question
        if reference is None:
            return []
        subject = _Subject(at=now, chat=message.chat, lead=message.lead, question=message.question)
        values = {"reference": reference, "email": message.content_as(Letter).to, "refused_us": anybody}
        stamp = f"{reference}.{message.id}"
        told = [_in_topic(one) for one in self._staff("staff/unreached", values, subject)]
        return [*told, *self._mail("mail/unreached", values, subject, stamp)]

    def redact(self, notices: Iterable[Notice], now: datetime, why: Why = "asked") -> list[Outgoing]:
        """What makes our messages in the staff chat no longer say anything of a person; their topics go last."""
        return [
            Outgoing(lane=notice.staff_chat, kind="telegram", content=self._redacted(notice, why), created_at=now)
            for notice in sorted(notices, key=lambda one: one.version == TOPIC)
        ]

    def _redacted(self, notice: Notice, why: Why) -> Content:
        if notice.version != TOPIC:
            return Edit(message_id=notice.message_id, html=self._removed(notice, why).html)
        name = self._wording.message("staff/topic", self._ways.language, {"reference": "", "who": ""}, "staff").text
        return Topic(change=TopicChange.REMOVED, thread=notice.message_id, name=name)

    def _removed(self, notice: Notice, why: Why) -> Rendered:
        """What a message about a person becomes, and a list that person stood in."""
        values = {"reference": notice.lead or notice.question or "", "why": "list" if notice.listed else why}
        return self._wording.message("staff/removed", self._ways.language, values, "staff")

    def _lead_saved(
        self, effect: LeadSaved, conversation: Conversation, now: datetime, case: Case | None
    ) -> list[Outgoing]:
        lead = replace(effect.lead, status=str(case.status)) if case else effect.lead
        subject = _Subject(at=now, chat=conversation.chat, lead=lead.reference)
        form = self._wording.form
        changes = [] if effect.before is None else changes_between(effect.before, lead, form)
        if effect.before is not None and not changes:
            return []
        what = "lead_new" if effect.before is None else "lead_changed"
        values: dict[str, Any] = {"lead": shown_lead(lead, form)}
        whole = values
        card = case or opened(replace(effect, before=None), conversation, now)
        if effect.before is not None:
            whole = values | {"changes": changes}
            card = card and replace(card, card=Card.CHANGED, changes=tuple(changed_for_staff(effect, form)))
        stamp = _stamp(effect)
        event = "lead.created" if effect.before is None else "lead.changed"
        return [
            *self._card(card, lead, subject),
            *self._mail(f"mail/{what}", whole, subject, stamp, reply_to=lead.email),
            *self._receipt(effect, conversation, subject, stamp),
            *self._hook(event, lead_record(lead, form), subject, stamp),
        ]

    def _question(self, effect: QuestionForwarded, conversation: Conversation, now: datetime) -> list[Outgoing]:
        subject = _Subject(at=now, chat=conversation.chat, question=effect.reference)
        values = {
            "reference": effect.reference,
            "question": effect.question,
            "name": effect.name,
            "reply_to": effect.reply_to,
            "language": conversation.language,
            "via": conversation.channel,
        }
        return [
            *self._card(opened(effect, conversation, now), None, subject),
            *self._mail("mail/question", values, subject, effect.reference, reply_to=effect.reply_to),
        ]

    def _card(self, case: Case | None, lead: Lead | None, subject: _Subject) -> list[Outgoing]:
        """The card of a case in the staff chat, where there is one."""
        if self._ways.staff_chat is None or case is None:
            return []
        content = self._cards.shown(case, lead).sent()
        return [_in_topic(replace(_message(self._ways.staff_chat, "telegram", content, subject), card=case.version))]

    def _staff(self, key: str, values: Mapping[str, Any], subject: _Subject) -> list[Outgoing]:
        if self._ways.staff_chat is None:
            return []
        rendered = self._wording.message(key, self._ways.language, values, "staff")
        return [_message(self._ways.staff_chat, "telegram", rendered.sent(), subject)]

    def _mail(
        self, key: str, values: Mapping[str, Any], subject: _Subject, stamp: str, reply_to: str | None = None
    ) -> list[Outgoing]:
        if not self._ways.mailboxes:
            return []
        mail = self._wording.mail(key, self._ways.language, values)
        answer_to = wire_address(reply_to) if reply_to else None  # a person's own: one, or none
        return [
            self._letter(mail, to, answer_to, key, f"{stamp}.to{number}" if number else stamp, subject)
            for number, to in enumerate(self._ways.mailboxes)
        ]

    def _receipt(self, effect: LeadSaved, conversation: Conversation, subject: _Subject, stamp: str) -> list[Outgoing]:
        """
        A mail to the person: that it came in, and how to see, change or withdraw it.

        Nobody proved that the address is theirs. So it has fixed words, the reference, and no more of what was typed
        than a name that is nothing but a name.
        """
        to = effect.lead.email
        if to is None or not effect.receipt:
            return []
        values = {
            "reference": effect.lead.reference,
            "name": plain_name(effect.lead.given(Role.NAME) or ""),
            "via": effect.lead.channel,
            "changed": effect.before is not None,
        }
        mail = self._wording.mail("mail/receipt", conversation.language, values)
        return [self._letter(mail, to, self._ways.reply_to, "mail/receipt", stamp, subject)]

    def _letter(self, mail: Mail, to: str, reply_to: str | None, key: str, stamp: str, subject: _Subject) -> Outgoing:
        """One mail; the same one again has the same Message-ID."""
        letter = Letter(
            to=to,
            reply_to=reply_to,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            message_id=f"<{key.removeprefix('mail/').replace('_', '-')}.{stamp}@{self._ways.mail_domain}>",
        )
        return _message(f"mail:{to}", "mail", letter, subject)

    def _hook(self, event: str, record: Mapping[str, Any], subject: _Subject, stamp: str) -> list[Outgoing]:
        if not self._ways.webhook:
            return []
        call = Hook(event=event, idempotency_key=f"{event}.{stamp}", body={"event": event, **record})
        return [_message(WEBHOOK_LANE, "webhook", call, subject)]


def changes_between(before: Lead, after: Lead, form: Form) -> list[Change]:
    """The answers that differ, as (field, before, after), in the order in which they are asked."""
    names = [name for name, _ in form.ordered({**before.answers, **after.answers})]
    pairs = ((name, before.answers.get(name), after.answers.get(name)) for name in names)
    return [(name, old, new) for name, old, new in pairs if old != new]


def changed_for_staff(effect: LeadSaved, form: Form) -> list[Change]:
    """The answers that an effect changed, the long ones shortened so that all of them fit one message."""
    changes = changes_between(effect.before, effect.lead, form) if effect.before else []
    return [(name, _cut(old), _cut(new)) for name, old, new in changes]


def _cut(answer: str | None) -> str | None:
    return None if answer is None else str(shortened(answer, _CHANGE_SHOWN))


def _in_topic(message: Outgoing) -> Outgoing:
    """The message as it belongs into the topic of its case."""
    return replace(message, content=replace(message.content_as(Send), topic=True))


def _stamp(effect: LeadSaved) -> str:
    """What names this very version of a lead: the same for every attempt to tell of it."""
    if effect.before is None:
        return effect.lead.reference
    return f"{effect.lead.reference}.{effect.lead.updated_at:%Y%m%d%H%M%S%f}"


def _message(lane: str, kind: str, content: Content, subject: _Subject) -> Outgoing:
    return Outgoing(
        lane=lane,
        kind=kind,
        content=content,
        created_at=subject.at,
        chat=subject.chat,
        lead=subject.lead,
        question=subject.question,
    )
