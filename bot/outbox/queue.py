"""
What waits in a lane for its turn: in the order of ids, but for questions.

Questions that people pass on to staff go after everything else, since a lead must not wait for them; and among them
the sender goes first of whom fewest left, so that one who asks much waits for everybody else.
"""

from collections import Counter, deque
from collections.abc import Collection, Iterator

from storage.contents import Send
from storage.records import Outgoing


def number(message: Outgoing) -> int:
    """The id that storing gave the message."""
    if message.id is None:
        raise ValueError("a message is delivered after it is stored, and storing gives it an id")
    return message.id


class Queue:
    """The waiting messages of one lane."""

    def __init__(self) -> None:
        self._first: deque[Outgoing] = deque()
        self._questions: dict[str, deque[Outgoing]] = {}  #: by sender
        self._gone: Counter[str] = Counter()  #: how many of a sender's left this lane while it had messages

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self._first or self._questions)

    def __iter__(self) -> Iterator[Outgoing]:
        """Everything that waits."""
        yield from self._first
        for questions in self._questions.values():
            yield from questions

    def add(self, message: Outgoing) -> None:
        """Take a message in, at its place."""
        own = self._own(message)
        if own and number(message) < number(own[-1]):
            ordered = sorted([*own, message], key=number)
            own.clear()
            own.extend(ordered)
        else:
            own.append(message)

    def put_back(self, message: Outgoing) -> None:
        """The message that was taken out last could not leave: it is the next of its kind."""
        self._own(message).appendleft(message)
        if _is_question(message):
            self._gone[_sender(message)] -= 1

    def take(self) -> Outgoing:
        """Take out the message whose turn it is."""
        if self._first:
            return self._first.popleft()
        sender = min(self._questions, key=lambda one: (self._gone[one], number(self._questions[one][0])))
        message = self._questions[sender].popleft()
        self._gone[sender] += 1
        self._tidy()
        return message

    def drop(self, ids: Collection[int]) -> None:
        """Let go of these messages."""
        self._first = deque(item for item in self._first if item.id not in ids)
        for sender, questions in self._questions.items():
            self._questions[sender] = deque(item for item in questions if item.id not in ids)
        self._tidy()

    def _own(self, message: Outgoing) -> deque[Outgoing]:
        if not _is_question(message):
            return self._first
        return self._questions.setdefault(_sender(message), deque())

    def _tidy(self) -> None:
        self._questions = {sender: questions for sender, questions in self._questions.items() if questions}


def _is_question(message: Outgoing) -> bool:
    """Whether it passes a question on: no edit, no news of staff's own answer, nothing to the asker's own chat."""
    new = isinstance(message.content, Send) and not message.then
    return new and message.question is not None and message.chat != message.lane


def _sender(message: Outgoing) -> str:
    return message.chat or ""
