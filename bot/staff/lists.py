"""What staff look at: lists, counts and the file with all leads. Read only, and no more than is shown."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.dialogue.fields import Form, Role
from bot.dialogue.records import File, Lead
from bot.leads.apart import sheet_apart
from bot.staff.intents import List
from bot.staff.unanswered import grouped
from bot.wording import Rendered, Wording
from bot.wording.cleaning import one_line
from storage.case_records import Case, Kind
from storage.contents import Send
from storage.repositories import Repositories
from storage.store import Storage

QUESTION_SHOWN = 120  #: characters of a question that was passed on
QUESTIONS_SHOWN = 20  #: most asked first
QUESTIONS_READ = 800  #: of which these are counted, newest first
FILE_NAME = "leads.xlsx"
FILE_HOURS = 24  #: after which the message with it is taken away


class Lists:
    """Reads what staff look at, and puts it into words."""

    def __init__(self, storage: Storage, wording: Wording, language: str, zone: ZoneInfo) -> None:
        """``language`` is that of staff, ``zone`` that of the times in the file."""
        self._storage = storage
        self._wording = wording
        self._language = language
        self._zone = zone

    async def sent(self, of: List, page: int = 1) -> Send:
        """The message with this list, as it is now; pages count from 1. Raises what the database raises."""
        match of:
            case List.LEADS:
                return (await self._cases(page)).sent()
            case List.COUNTS:
                return (await self._counts()).sent()
            case List.QUESTIONS:
                return (await self._questions()).sent()
            case List.EXPORT:
                return await self._export()

    def failed(self) -> Send:
        """What staff read where that failed."""
        return self._message("staff/failed").sent()

    async def _cases(self, page: int) -> Rendered:
        """A page of the open cases, with a button to the next one where there is one."""
        unreadable: list[str] = []
        async with self._storage.reading() as tx:
            cases, more = await tx.cases.page(page)
            leads = await tx.leads.of([case.reference for case in cases if case.kind is Kind.LEAD], unreadable)
        form = self._wording.form
        shown = [_shown(case, form, leads.get(case.reference)) for case in cases if case.reference not in unreadable]
        said = self._message("staff/leads", cases=shown, page=page, unreadable=unreadable)
        name = f"staff:more:{page + 1}"
        button = (name, self._wording.label("staff:more", self._language))
        return replace(said, buttons=((button,),)) if more else said

    async def _counts(self) -> Rendered:
        async with self._storage.reading() as tx:
            return self._message("staff/stats", **await _counted(tx, self._wording.form))

    async def _questions(self) -> Rendered:
        async with self._storage.reading() as tx:
            missed = await tx.questions.recent(QUESTIONS_READ)
        return self._message("staff/questions", groups=grouped(missed)[:QUESTIONS_SHOWN])

    async def _export(self) -> Send:
        told, content = await sheet_apart(self._storage, self._wording.form, self._zone)
        said = self._message("staff/export", count=told.count, hours=FILE_HOURS, unreadable=told.unreadable)
        return replace(said.sent(), file=File(name=FILE_NAME, content=content))

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")


def _shown(case: Case, form: Form, lead: Lead | None) -> dict[str, object]:
    """A case in a line or two."""
    answers = lead.answers if lead else {}
    question = case.asked.question if case.asked else ""
    return {
        "reference": case.reference,
        "kind": str(case.kind),
        "status": str(case.status),
        "owner": case.owner.name if case.owner else "",
        "at": case.status_at or case.created_at,
        "name": (lead and lead.given(Role.NAME)) or (case.asked and case.asked.name) or "",
        "organisation": (lead and lead.given(Role.ORGANISATION)) or "",
        "interest": form.given(answers, Role.INTEREST) or "",
        "text": one_line(question, QUESTION_SHOWN),
    }


async def _counted(tx: Repositories, form: Form) -> dict[str, object]:
    leads, conversations = await tx.leads.counts(), await tx.conversations.all_counts()
    return {
        "leads": sum(leads.get("status", {}).values()),
        "by_status": leads.get("status", {}),
        "by_channel": leads.get("channel", {}),
        "by_interest": leads.get(form.having(Role.INTEREST), {}),
        "conversations": sum(conversations.get("channel", {}).values()),
        "questions": await tx.questions.count(),
    }
