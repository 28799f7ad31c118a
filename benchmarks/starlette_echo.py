"""A bare Starlette endpoint that says what was said and stores nothing: beside it the web channel is measured."""

import os

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


async def session(request: Request) -> JSONResponse:
    """A session that nobody remembers."""
    return JSONResponse({"session": "nobody"})


async def chat(request: Request) -> JSONResponse:
    """Say what was said or tapped."""
    asked = await request.json()
    return JSONResponse({"messages": [{"id": "1", "text": asked.get("text") or asked["choice"], "buttons": []}]})


async def well(request: Request) -> JSONResponse:
    """It lives."""
    return JSONResponse({})


ROUTES = (
    Route("/api/session", session, methods=["POST"]),
    Route("/api/chat", chat, methods=["POST"]),
    Route("/readyz", well),
)

if __name__ == "__main__":
    uvicorn.run(Starlette(routes=ROUTES), port=int(os.environ["HTTP_PORT"]), access_log=False, log_level="warning")
