"""Whatever is sent, no endpoint fails: random requests to every one of them."""

import asyncio
import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.channels.web.server import WebServer

pytestmark = pytest.mark.usefixtures("unmeasured")

PATHS = (
    "/",
    "/api/session",
    "/api/chat",
    "/widget.js",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/a/b",
    "/telegram/x",
    "/staff/",
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
MESSAGES = st.fixed_dictionaries(
    {"message_id": st.uuids().map(str) | JSON},
    optional=dict.fromkeys(("text", "choice", "language", "source", "website"), JSON),
)
HEADER = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=40).map(
    lambda text: text.strip().encode("latin-1")
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["Authorization", "Cookie", "Origin", "Accept-Language", "Last-Event-ID", "X-Forwarded-For", "If-None-Match",
         "Sec-Fetch-Site", "Forwarded"]
    ),
    HEADER | HEADER.map(lambda value: b"Bearer " + value) | HEADER.map(lambda value: b"chat=" + value),
)  # fmt: skip
QUERY = st.dictionaries(st.sampled_from(["lang", "source", "after", "x"]), TEXT)
ANYTHING = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def send(server: WebServer, method: str, path: str, headers: dict[str, bytes], body: bytes) -> tuple[int, bytes]:
    """One request by a stranger, as bytes; the status and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}"]
    fields = [name.encode() + b": " + value for name, value in headers.items()]
    writer.write(b"\r\n".join([*(line.encode() for line in lines), *fields, b"", body]))
    answer = await asyncio.wait_for(reader.read(), 10)
    writer.close()
    await writer.wait_closed()
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), content


@ANYTHING
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "QUERY"]),
    path=st.sampled_from(PATHS) | TEXT.map(lambda text: "/" + text),
    query=QUERY,
    headers=HEADERS,
    body=st.binary(max_size=200),
    kind=st.sampled_from(["application/json", "text/plain", "multipart/form-data", "application/json;charset=x"]),
)
async def test_no_request_makes_it_fail(
    server: WebServer, method: str, path: str, query: dict[str, str], headers: dict[str, bytes], body: bytes, kind: str
) -> None:
    """Any method, path, query, header and body is answered without a server error."""
    target = f"{quote(path)}?{urlencode(query, errors='replace')}"
    status, content = await send(server, method, target, {**headers, "Content-Type": kind.encode()}, body)
    assert status < 500
    if status >= 400 and method != "HEAD":
        assert json.loads(content)["error"]["message"]


@ANYTHING
@given(body=MESSAGES | JSON, path=st.sampled_from(["/api/chat", "/api/session"]))
async def test_no_message_makes_it_fail(server: WebServer, body: object, path: str) -> None:
    """Any JSON is answered: with messages, or with a reason."""
    content = json.dumps(body).encode()
    status, answer = await send(server, "POST", path, {"Content-Type": b"application/json"}, content)
    assert status < 500
    assert json.loads(answer).keys() <= {"messages", "session", "error"}
