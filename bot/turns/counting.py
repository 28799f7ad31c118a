"""What the program counts as people talk, for ``/metrics``."""

from collections.abc import Callable, Mapping, Sequence

from bot.dialogue.records import Conversation, Effect, LeadSaved, LeadWithdrawn
from bot.observing.metrics import Metrics
from bot.turns.batch import Answer

OUTCOMES = ("answered", "duplicate", "failed")  #: of an event
CHANGES = ("created", "changed", "withdrawn")  #: of a lead


class Counting:
    """Counts turns and leads. Every figure stands at 0 from the start, so that its first step is seen as one."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def watch(self, reached: Mapping[str, Callable[[], bool]]) -> None:
        """Show these channels; ``reached`` says of each whether it reaches the other side now."""
        for channel, up in reached.items():
            self._metrics.watch(self._metrics.channel_up, up, channel=channel)
            for outcome in OUTCOMES:
                self._metrics.turns.labels(channel, outcome)
            for change in CHANGES:
                self._metrics.leads.labels(channel, change)

    def turn(self, answer: Answer, seconds: float) -> None:
        """An event got its durable answer, so many seconds after it arrived."""
        channel = answer.event.channel
        outcome = "failed" if answer.failed else "duplicate" if answer.duplicate else "answered"
        self._metrics.turns.labels(channel, outcome).inc()
        self._metrics.turn_seconds.labels(channel).observe(seconds)

    def batch(self, turns: int, effects: Sequence[tuple[Effect, Conversation]]) -> None:
        """So many turns were committed together, with these effects."""
        self._metrics.batch_size.observe(turns)
        for effect, conversation in effects:
            if isinstance(effect, LeadSaved):
                change = "created" if effect.before is None else "changed"
                self._metrics.leads.labels(conversation.channel, change).inc()
            elif isinstance(effect, LeadWithdrawn):
                self._metrics.leads.labels(conversation.channel, "withdrawn").inc(len(effect.leads))
