"""What can go wrong with storage, each with one clear line and without personal data."""


class StorageError(Exception):
    """The database cannot do what was asked. The text is one line that can be shown to an operator."""


class UnknownDatabase(StorageError):
    """The address names a kind of database this program does not have."""


class NotWritable(StorageError):
    """The folder or file of the database cannot be written."""


class NoDatabase(StorageError):
    """There is no database of this program there, and none is to be made."""


class InUse(StorageError):
    """Another program runs on this database file."""


class Unreachable(StorageError):
    """The database server does not answer, or does not let us in."""


class WrongKey(StorageError):
    """The data in this database was encrypted with another key, or there is data and no key."""


class KeyNeeded(StorageError):
    """PostgreSQL needs a key of its own in the settings."""


class InvalidKey(StorageError):
    """A key is not a Fernet key."""


class MigrationFailed(StorageError):
    """The tables could not be brought up to date; they are as they were."""


class Unavailable(StorageError):
    """The database is away, locked or full: nothing was stored, and the same may work later."""


class Rejected(StorageError):
    """The database refuses this very data: nothing was stored, and the same would fail again."""


class Unreadable(StorageError):
    """One stored record cannot be read: no key opens it, or it is garbled. The others can."""


class NotPossible(StorageError):
    """What was asked is not possible with this database or these settings."""
