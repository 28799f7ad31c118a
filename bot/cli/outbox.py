"""``python -m bot outbox …``: see and repeat messages that could not be delivered."""

from typing import Annotated

import typer

from bot.cli.work import go, with_operator

app = typer.Typer(help="See and repeat messages that could not be delivered.", no_args_is_help=True)


@app.command("list")
def outbox_list() -> None:
    """List the messages that wait, were tried in vain or were given up, without what they say."""
    go(with_operator(lambda operator: operator.list_outbox()))


@app.command("retry")
def outbox_retry(
    ids: Annotated[list[int] | None, typer.Argument(help="Which; else all.")] = None,
) -> None:
    """Deliver messages that were given up once more; the running bot does it."""
    go(with_operator(lambda operator: operator.retry(ids or None)))


@app.command("drop")
def outbox_drop(ids: Annotated[list[int], typer.Argument(help="Which, by their id in outbox list.")]) -> None:
    """Remove messages that were given up or tried in vain, and that nobody needs to get any more."""
    go(with_operator(lambda operator: operator.drop(ids)))
