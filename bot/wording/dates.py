"""Times as people say them: in the course's zone, in their language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo


@dataclass(frozen=True, kw_only=True)
class Dates:
    """How one language writes a day and a moment."""

    zone: tzinfo
    months: Sequence[str]
    day_format: str
    moment_format: str
    brief_format: str  #: a moment of this year
    clock_format: str  #: a moment of today

    def day(self, at: date | str) -> str:
        """Give the date of ``at`` (a time is UTC where it has no zone; a text is read as ISO 8601)."""
        if isinstance(at, date) and not isinstance(at, datetime):
            at = datetime(at.year, at.month, at.day, tzinfo=self.zone)
        return self._write(self.day_format, at)

    def moment(self, at: datetime | str) -> str:
        """Give the date and time of ``at`` (UTC where it has no zone; a text is read as ISO 8601)."""
        return self._write(self.moment_format, at)

    def briefly(self, at: datetime | str) -> str:
        """Give the date without its year, and the time of ``at``, read as in ``moment``."""
        return self._write(self.brief_format, at)

    def clock(self, at: datetime | str) -> str:
        """Give the time of ``at``, read as in ``moment``."""
        return self._write(self.clock_format, at)

    def _write(self, form: str, at: datetime | str) -> str:
        known = datetime.fromisoformat(at) if isinstance(at, str) else at
        local = (known if known.tzinfo else known.replace(tzinfo=UTC)).astimezone(self.zone)
        month = self.months[local.month - 1]
        return form.format(day=local.day, month=month, year=local.year, hour=local.hour, minute=local.minute)
