"""All that is counted and timed, in one place; ``/metrics`` shows it. Nothing here names a person or a chat."""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector

#: seconds; a turn is counted between two of them
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The program's collectors, in a registry of their own so that two can stand side by side."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._count_turns()
        self._count_outbox()
        self.channel_up = Gauge(
            "course_bot_channel_up", "1 while the channel reaches the other side", ["channel"], registry=self.registry
        )
        self.task_restarts = Counter(
            "course_bot_task_restarts", "Background tasks that were started again", ["task"], registry=self.registry
        )
        ProcessCollector(registry=self.registry)

    def _count_turns(self) -> None:
        self.turns = Counter(
            "course_bot_turns", "Events answered (outcome: answered, duplicate, failed)",
            ["channel", "outcome"], registry=self.registry,
        )  # fmt: skip
        self.turn_seconds = Histogram(
            "course_bot_turn_seconds", "From an event's arrival to its durable answer",
            ["channel"], buckets=_SECONDS, registry=self.registry,
        )  # fmt: skip
        self.batch_size = Histogram(
            "course_bot_batch_size", "Turns in one transaction",
            buckets=(1, 2, 4, 8, 16, 32, 64, 100), registry=self.registry,
        )  # fmt: skip
        self.leads = Counter(
            "course_bot_leads", "Leads (change: created, changed, withdrawn)",
            ["channel", "change"], registry=self.registry,
        )  # fmt: skip

    def _count_outbox(self) -> None:
        kind = ["kind"]
        self.sent = Counter("course_bot_outbox_sent", "Messages delivered", kind, registry=self.registry)
        self.retried = Counter(
            "course_bot_outbox_retried", "Attempts that will be repeated", kind, registry=self.registry
        )
        self.failed = Counter(
            "course_bot_outbox_failed", "Messages not delivered (why: gone, given_up)",
            ["kind", "why"], registry=self.registry,
        )  # fmt: skip
        self.waiting = Gauge("course_bot_outbox_waiting", "Messages on their way", kind, registry=self.registry)
        self.oldest = Gauge(
            "course_bot_outbox_oldest_seconds", "Age of the oldest message on its way", kind, registry=self.registry
        )
        self.given_up = Gauge(
            "course_bot_outbox_given_up", "Messages given up that wait for `outbox retry`", registry=self.registry
        )

    def watch(self, gauge: Gauge, value: Callable[[], float], **labels: str) -> None:
        """Let a gauge ask for its value when it is read, so that keeping it costs nothing."""
        (gauge.labels(**labels) if labels else gauge).set_function(value)
