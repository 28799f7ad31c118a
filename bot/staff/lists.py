"""What staff look at: lists, counts and the file with all leads. Read only, and no more than is shown."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.dialogue.leads import shown_lead
from bot.dialogue.records import File
from bot.leads.exports import sheet_apart
from bot.staff.intents import List
from bot.staff.unanswered import grouped
from bot.wording import Rendered, Wording
from storage.contents import Send
from storage.repositories import Repositories
from storage.store import Storage

LEADS_SHOWN = 15  #: newest first
QUESTIONS_SHOWN = 20  #: most asked first
QUESTIONS_READ = 800  #: of which these are counted, newest first
FILE_NAME = "leads.xlsx"


class Lists:
    """Reads what staff look at, and puts it into words."""

    def __init__(self, storage: Storage, wording: Wording, language: str, zone: ZoneInfo) -> None:
        """``language`` is that of staff, ``zone`` that of the times in the file."""
        self._storage = storage
        self._wording = wording
        self._language = language
        self._zone = zone

    async def sent(self, of: List) -> Send:
        """The message with this list, as it is now. Raises what the database raises."""
        match of:
            case List.LEADS:
                return (await self._leads()).sent()
            case List.COUNTS:
                return (await self._counts()).sent()
            case List.QUESTIONS:
                return (await self._questions()).sent()
            case List.EXPORT:
                return await self._export()

    def failed(self) -> Send:
        """What staff read where that failed."""
        return self._message("staff/failed").sent()

    async def _leads(self) -> Rendered:
        unreadable: list[str] = []
        async with self._storage.reading() as tx:
            newest = await tx.leads.newest(LEADS_SHOWN, unreadable)
        return self._message("staff/leads", leads=[shown_lead(lead) for lead in newest], unreadable=unreadable)

    async def _counts(self) -> Rendered:
        async with self._storage.reading() as tx:
            return self._message("staff/stats", **await _counted(tx))

    async def _questions(self) -> Rendered:
        async with self._storage.reading() as tx:
            missed = await tx.questions.recent(QUESTIONS_READ)
        return self._message("staff/questions", groups=grouped(missed)[:QUESTIONS_SHOWN])

    async def _export(self) -> Send:
        unreadable: list[str] = []
        async with self._storage.reading() as tx:
            leads = await tx.leads.list(unreadable)
        content = await sheet_apart(leads, self._zone)
        said = self._message("staff/export", count=len(leads), unreadable=unreadable)
        return replace(said.sent(), file=File(name=FILE_NAME, content=content))

    def _message(self, key: str, **values: object) -> Rendered:
        return self._wording.message(key, self._language, values, "staff")


async def _counted(tx: Repositories) -> dict[str, object]:
    leads, conversations = await tx.leads.counts(), await tx.conversations.all_counts()
    return {
        "leads": sum(leads.get("status", {}).values()),
        "by_status": leads.get("status", {}),
        "by_channel": leads.get("channel", {}),
        "by_interest": leads.get("interest", {}),
        "conversations": sum(conversations.get("channel", {}).values()),
        "questions": await tx.questions.count(),
    }
