"""``python -m bot leads …``: see, export and remove leads."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.work import go, with_operator, wrong

app = typer.Typer(help="See, export and remove leads.", no_args_is_help=True)


class Format(StrEnum):
    """What leads are exported as."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"

    @classmethod
    def of(cls, output: Path | None) -> "Format":
        """What a file of this name is to hold; JSON where its name does not say. Raises ValueError for another form."""
        ending = output.suffix.lower().removeprefix(".") if output else ""
        return cls.JSON if ending in ("", "txt") else cls(ending)


@app.command("list")
def leads_list() -> None:
    """List all leads, newest first."""
    go(with_operator(lambda operator: operator.list_leads()))


@app.command("show")
def leads_show(reference: Annotated[str, typer.Argument(help="As the person and staff have it.")]) -> None:
    """Show everything of one lead."""
    go(with_operator(lambda operator: operator.show_lead(reference)))


@app.command("export")
def leads_export(
    kind: Annotated[
        Format | None, typer.Option("--format", help="What to write; else by the file's ending, else json.")
    ] = None,
    output: Annotated[Path | None, typer.Option(help="The file to write; else standard output.")] = None,
) -> None:
    """Export all leads."""
    try:
        form = kind or Format.of(output)
    except ValueError:
        wrong(f"--output {output}: nothing is exported in that form; known endings: .json, .csv, .xlsx")
    go(with_operator(lambda operator: operator.export(form.value, output)))


@app.command("forget")
def leads_forget(email: Annotated[str, typer.Option(help="The person's e-mail address.")]) -> None:
    """Remove everything of the person with this e-mail address, and let staff know."""
    from bot.addresses.reading import searched_address
    from bot.cli.operator import NO_ADDRESS

    if not searched_address(email):
        wrong(NO_ADDRESS)
    go(with_operator(lambda operator: operator.forget(email)))
