"""The one error that stops the start when a setting is wrong."""


class SettingsError(Exception):
    """A setting is wrong. The text is one line that names it and says what would be right, never its secret value."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} {reason}")
        self.name = name
        self.reason = reason
