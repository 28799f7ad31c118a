"""What every command opens is opened without what only the server needs."""

import subprocess
import sys

HEAVY = ("numpy", "telegram", "starlette", "uvicorn", "openpyxl", "phonenumbers", "psycopg")


def test_an_operators_command_does_not_wait_for_the_server() -> None:
    """Who lists the leads waits for the database alone: not for Telegram, the web server or the question model."""
    program = f"""
import sys
import bot.cli.commands, bot.loading, bot.cli.operator
print(*sorted(set({HEAVY!r}) & set(sys.modules)))
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "")
