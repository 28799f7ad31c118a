"""How a turn reaches the person: as messages that leave, or as lines of a page's transcript."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from bot.dialogue.button_ids import ButtonId
from bot.dialogue.events import Chosen, Event, Typed
from bot.dialogue.fields import Role
from bot.dialogue.records import Conversation, QuestionMissed, Reply, Turn
from bot.wording import Rendered, Wording, WordingError
from storage.contents import Content, Edit, React, Send
from storage.records import Outgoing, Said


def in_topic(event: Event, messages: Sequence[Outgoing]) -> list[Outgoing]:
    """These messages, where those that answer ``event`` stand in the topic that it came from."""
    return [_there(event, one) for one in messages] if event.thread is not None else list(messages)


def _there(event: Event, message: Outgoing) -> Outgoing:
    """The message, and what follows on it, in the topic that ``event`` came from."""
    then = {outcome: _there(event, news) for outcome, news in message.then.items()}
    if message.lane == event.chat and isinstance(message.content, Send | React):
        return replace(message, content=replace(message.content, thread=event.thread), then=then)
    return replace(message, then=then) if then else message


class Replies:
    """Makes what is stored and sent of a turn's replies. Pure."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def rendered(self, turn: Turn, channel: str) -> tuple[Rendered, ...]:
        """The turn's replies in words, each in its own language or else in the conversation's."""
        language = turn.conversation.language
        return tuple(self._wording.reply(reply, language, channel) for reply in turn.replies)

    def messages(self, before: Conversation, turn: Turn, event: Event, replies: Sequence[Rendered]) -> list[Outgoing]:
        """What leaves for a chat that is reached by sending: the tapped message's edit, then the replies."""
        edit = self._settled(before, turn, event) if isinstance(event, Chosen) else []
        supersedable = all(isinstance(effect, QuestionMissed) for effect in turn.effects)
        contents: list[Content] = [*edit, *(reply.sent(supersedable=supersedable) for reply in replies)]
        return in_topic(event, [_to_person(event, content) for content in contents])

    def slow_down(self, event: Event, language: str) -> Outgoing:
        """The one line that asks who sends too much at once to slow down."""
        said = self._wording.reply(Reply(message="chat/slow_down"), language, event.channel)
        return in_topic(event, [_to_person(event, said.sent())])[0]

    def _settled(self, before: Conversation, turn: Turn, event: Chosen) -> list[Edit]:
        """The edit after which a tapped message shows what was chosen, and has no buttons any more."""
        tapped = event.tapped
        if tapped is None:
            return []
        if not turn.chosen or not tapped.html:
            return [Edit(message_id=tapped.message_id, html=None)]
        html = self._wording.chosen(tapped.html, self._label(before, event.button), before.language)
        return [Edit(message_id=tapped.message_id, html=html)]

    def _label(self, before: Conversation, button: str) -> str:
        draft, tapped = before.draft, ButtonId.read(button)
        values = {
            "reference": tapped.last,
            "field": tapped.last,
            "suggestion": (draft.suggestion or "") if draft else "",
            "name": before.talk.name if before.talk else "",
            "address": (self._wording.form.given(draft.answers, Role.EMAIL) or "") if draft else "",
        }
        return self._wording.label(button, before.language, values)

    def transcript(self, before: Conversation, event: Event, replies: Sequence[Rendered]) -> list[Said]:
        """What the person and the bot said, as the page shows it."""
        own = self._own_words(before, event)
        content = {"text": own, "message_id": event.id}
        person = [] if own is None else [Said(chat=event.chat, by="person", at=event.at, content=content)]
        return [*person, *self.lines(event, replies)]

    def lines(self, event: Event, replies: Sequence[Rendered]) -> list[Said]:
        """What the bot alone said, as the page shows it."""
        return [Said(chat=event.chat, by="bot", at=event.at, content=reply.body()) for reply in replies]

    def _own_words(self, before: Conversation, event: Event) -> str | None:
        """What the person said: what they typed, or what the tapped button said; None where neither has words."""
        match event:
            case Typed():
                return event.text
            case Chosen():
                with suppress(WordingError):  # a button that nobody made
                    return self._label(before, event.button)
        return None


def _to_person(event: Event, content: Content) -> Outgoing:
    return Outgoing(lane=event.chat, kind=event.channel, chat=event.chat, content=content, created_at=event.at)
