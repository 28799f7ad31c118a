"""One repository per thing stored, and all of them together for one transaction."""

from storage.repositories.base import Session
from storage.repositories.cases import Cases
from storage.repositories.conversations import Conversations
from storage.repositories.counts import Counts
from storage.repositories.ended import Ended
from storage.repositories.handled import Handled
from storage.repositories.leads import Leads
from storage.repositories.meta import Meta
from storage.repositories.notices import Notices
from storage.repositories.outbox import Outbox
from storage.repositories.people import People
from storage.repositories.processes import Processes
from storage.repositories.questions import Questions
from storage.repositories.rehearsal import Rehearsal
from storage.repositories.retention import Retention
from storage.repositories.transcript import Transcript


class Repositories:
    """Everything that is stored, within one transaction."""

    def __init__(self, session: Session) -> None:
        self.conversations = Conversations(session)
        self.handled = Handled(session)
        self.counts = Counts(session)
        self.ended = Ended(session)
        self.leads = Leads(session)
        self.cases = Cases(session)
        self.outbox = Outbox(session)
        self.transcript = Transcript(session)
        self.questions = Questions(session)
        self.notices = Notices(session)
        self.people = People(session)
        self.processes = Processes(session)
        self.retention = Retention(session)
        self.rehearsal = Rehearsal(session)
        self.meta = Meta(session)


__all__ = ["Repositories", "Session"]
