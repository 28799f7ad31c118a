"""The mail by which a person reads what staff wrote, where the chat does not reach them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.notifications.notifier import Ways
from bot.wording import Wording
from storage.case_records import Case
from storage.contents import Letter
from storage.records import Outgoing

AWAY = timedelta(minutes=5)  #: after which what no page showed is mailed


@dataclass(frozen=True, kw_only=True)
class ByMail:
    """What is to be mailed."""

    to: str
    texts: Sequence[str]  #: what staff wrote, oldest first
    name: str  #: the first word of the name of who wrote last
    language: str
    number: int  #: which mail about this case it is: with more in it, it is the same mail


class TalkLetters:
    """Makes such mails; one about a lead is an answer to its receipt."""

    def __init__(self, wording: Wording, ways: Ways) -> None:
        self._wording = wording
        self._ways = ways

    def made(self, case: Case, mail: ByMail, now: datetime, due_at: datetime | None = None) -> Outgoing:
        """The mail about this case, which leaves at once, or not before ``due_at``."""
        values = {
            "texts": list(mail.texts),
            "name": mail.name,
            "reference": case.reference,
            "question": case.question is not None,
            "via": (case.chat or "").partition(":")[0],
        }
        made = self._wording.mail("mail/staff_says", mail.language, values)
        domain = self._ways.mail_domain
        letter = Letter(
            to=mail.to,
            reply_to=self._ways.reply_to,
            subject=made.subject,
            text=made.text,
            html=made.html,
            message_id=f"<staff-says.{case.reference}.{mail.number}@{domain}>",
            in_reply_to=f"<receipt.{case.reference}@{domain}>" if case.lead else None,
        )
        return Outgoing(
            lane=lane_of(case.chat or ""),
            kind="mail",
            content=letter,
            created_at=now,
            due_at=due_at,
            chat=case.chat,
            lead=case.lead,
            question=case.question,
        )


def lane_of(chat: str) -> str:
    """The lane of such mails to the person of a chat: what waits there holds up no other mail."""
    return f"talk:{chat}"
