"""``python -m bot …``: see bot/cli/commands.py."""

import gc
import os
import signal


def main() -> None:
    """Run one command, loaded without what would only cost time: collecting garbage, and looking for plugins."""
    interrupted = signal.getsignal(signal.SIGINT)
    if ours := interrupted is signal.default_int_handler:  # else somebody wants Ctrl-C ignored
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # while nothing is under way, it ends the program without a word
    gc.disable()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from bot.cli.commands import main as run_command

    gc.freeze()
    gc.enable()
    try:
        signal.signal(signal.SIGINT, interrupted)
        run_command()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    finally:
        if ours:
            signal.signal(signal.SIGINT, signal.SIG_DFL)


if __name__ == "__main__":
    main()
