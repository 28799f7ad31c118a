"""The database that the benchmark of growth stores: as much as was asked for, of which a day's worth is old."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from benchmarks.filling import Size, fill
from bot.privacy.retention import Retention
from storage.store import Storage


async def test_as_much_as_was_asked_for(tmp_path: Path) -> None:
    """Conversations, leads and open cases are there, and the clean-up finds the oldest of each."""
    storage = await Storage.open(f"sqlite:///{tmp_path}/bot.db", data_key=None)
    await fill(storage, Size(conversations=400, leads=40), "telegram:-1")
    async with storage.reading() as tx:
        assert sum((await tx.conversations.all_counts())["channel"].values()) == 400
        counts = await tx.leads.counts()
        assert (sum(counts["status"].values()), len(counts["channel"])) == (40, 2)
        assert len((await tx.cases.page(1))[0]) > 5
    settings: Any = SimpleNamespace(retention_days=365, draft_retention_days=30, mail_folder=None)
    purged = await Retention(storage, settings, lambda notices, at: []).purge(datetime.now(UTC))
    assert 0 < purged.conversations < 40
    assert 0 < purged.handled < 40
    await storage.close()
