"""``python -m bot …``: see bot/cli/commands.py."""

import gc
import os


def main() -> None:
    """Run one command, loaded without what would only cost time: collecting garbage, and looking for plugins."""
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from bot.cli.commands import main as run_command

    gc.freeze()
    gc.enable()
    run_command()


if __name__ == "__main__":
    main()
