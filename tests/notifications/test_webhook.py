"""The lead webhook against a real receiver that checks the signature as the documentation says."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from aiohttp import web

from bot.leads.exports import lead_record
from bot.notifications.webhook import LeadWebhook, seconds_of
from bot.outbox import Later, Refused
from storage.contents import Hook
from storage.records import Outgoing
from tests.form import FORM
from tests.notifications.helpers import AT, lead
from tests.proxy import Proxy

SECRET = "a secret of the CRM"


class Receiver:
    """A CRM: keeps what it got, answers as it is told."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.url = ""

    async def handle(self, request: web.Request) -> web.Response:
        self.calls.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status, headers=self.headers)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    crm = Receiver()
    app = web.Application()
    app.router.add_post("/hook", crm.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    crm.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield crm
    await runner.cleanup()


def call(**body: Any) -> Outgoing:
    record = {"event": "lead.created", **lead_record(lead(), FORM), **body}
    content = Hook(event="lead.created", idempotency_key="lead.created.K7M2-PX", body=record)
    return Outgoing(id=1, lane="webhook", kind="webhook", content=content, created_at=AT, lead="K7M2-PX")


async def test_through_a_proxy(receiver: Receiver) -> None:
    """A CRM that only a proxy leads to gets the lead; while the proxy refuses, the lead waits."""
    async with Proxy(leads_to=int(receiver.url.split(":")[2].split("/")[0])) as proxy:
        hook = LeadWebhook("http://crm.invalid/hook", SECRET, proxy=proxy.url("me", "p@ss"))
        await hook.send(call())
        await hook.close()
        proxy.refuses = 407
        with pytest.raises(Later):
            await hook.send(call())
        await hook.close()
    assert proxy.asked[0] == ("POST http://crm.invalid/hook", "me:p@ss")
    assert len(receiver.calls) == 1


async def test_the_crm_gets_the_lead_signed(receiver: Receiver) -> None:
    """The CRM can check that the lead is ours, and reads the same fields as an export has."""
    hook = LeadWebhook(receiver.url, SECRET)
    await hook.send(call())
    await hook.close()
    headers, body = receiver.calls[0]
    expected = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(headers["X-Signature-256"], expected)
    assert headers["Content-Type"].startswith("application/json")
    assert json.loads(body) == {"event": "lead.created", **lead_record(lead(), FORM)}


async def test_a_repeated_call_is_recognised(receiver: Receiver) -> None:
    """A call that is repeated carries the same key, the same bytes and the same signature."""
    hook = LeadWebhook(receiver.url, SECRET)
    receiver.status = 503
    with pytest.raises(Later):
        await hook.send(call())
    receiver.status = 200
    await hook.send(call())
    await hook.close()
    (first, body), (second, again) = receiver.calls
    assert body == again
    for name in ("Idempotency-Key", "Webhook-Id", "X-Signature-256"):
        assert first[name] == second[name]


async def test_time_and_key_are_signed(receiver: Receiver) -> None:
    """The CRM can tell a call that somebody kept from ours: key and time are signed, the time anew at each attempt."""
    at = 1_772_442_900.7
    hook = LeadWebhook(receiver.url, SECRET, clock=lambda: at)
    await hook.send(call())
    at += 3600
    await hook.send(call())
    await hook.close()
    for seconds, (headers, body) in zip((1_772_442_900, 1_772_446_500), receiver.calls, strict=True):
        assert headers["Webhook-Timestamp"] == str(seconds)
        assert headers["Webhook-Id"] == headers["Idempotency-Key"]
        signed = f"{headers['Webhook-Id']}.{seconds}.".encode() + body
        expected = base64.b64encode(hmac.new(SECRET.encode(), signed, hashlib.sha256).digest()).decode()
        assert headers["Webhook-Signature"] == f"v1,{expected}"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(500, Later), (429, Later), (408, Later), (400, Refused), (401, Refused), (410, Refused), (302, Refused)],
)
async def test_what_the_crm_answers_decides(receiver: Receiver, status: int, outcome: type[Exception]) -> None:
    """What may pass is tried again; what the CRM does not want is refused; nobody is redirected with a lead."""
    receiver.status = status
    receiver.headers = {"Location": receiver.url, "Retry-After": "7"}
    hook = LeadWebhook(receiver.url, SECRET)
    with pytest.raises(outcome, match=str(status)) as caught:
        await hook.send(call())
    await hook.close()
    assert len(receiver.calls) == 1
    if isinstance(caught.value, Later):
        assert caught.value.seconds == 7.0


async def test_a_crm_that_is_away_is_waited_for(receiver: Receiver) -> None:
    """Nobody listens: the lead waits."""
    hook = LeadWebhook(receiver.url.replace("127.0.0.1", "127.0.0.9"), SECRET, timeout=2)
    with pytest.raises(Later, match="out of reach") as caught:
        await hook.send(call())
    await hook.close()
    await hook.close()
    assert caught.value.seconds is None
    assert "127.0.0.9" not in caught.value.reason


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        *((None, None), ("30", 30.0), ("-5", 1.0), ("999999", 3600.0), ("soon", None), ("nan", None), ("", None)),
        *((date, None) for date in ("Fri, 31 Dec 9999 23:59:59 -2359", "Thu, 1 Jan 99999999999 00:00:00 GMT")),
    ],
)
def test_retry_after_is_read_with_care(header: str | None, seconds: float | None) -> None:
    """The CRM says when to come back; nonsense and eternities are not believed."""
    assert seconds_of(header) == seconds


def test_retry_after_may_be_a_date() -> None:
    """HTTP lets a server name a time instead of seconds."""
    seconds = seconds_of(format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True))
    assert seconds is not None
    assert 50 < seconds <= 60
