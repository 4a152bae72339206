"""Why a backup cannot be made or brought back. Every sentence says what to do next."""

from keystead.kernel.errors import Conflict, Invalid, Unavailable


class BackupNotSetUp(Invalid):
    """Nobody said where backups go, or who may open them."""

    code = "backup-not-set-up"


class BackupKeyRefused(Invalid):
    """A key or recipient for backups that is none, or a file of them that cannot be read."""

    code = "backup-key-refused"


class BackupTargetRefused(Invalid):
    """The folder for backups is not there, or lies inside the data it should save."""

    code = "backup-target-refused"


class BackupUnderWay(Unavailable):
    """Another backup of this installation is being made right now."""

    code = "backup-under-way"


class BackupFailed(Unavailable):
    """The backup could not be written; nothing of it was left behind. `reason` in the data."""

    code = "backup-failed"


class BackupUnreadable(Invalid):
    """The key does not open the file, or the file is damaged. Which of the two is not told."""

    code = "backup-unreadable"


class BackupRefused(Invalid):
    """The file opens, but what is in it is not a whole backup of Keystead."""

    code = "backup-refused"


class BackupTooNew(Invalid):
    """The backup was made by a newer Keystead than this one."""

    code = "backup-too-new"


class VaultKeyMissing(Conflict):
    """The backup needs a vault key that is not here; `needed` and `here` in the data."""

    code = "backup-vault-key"


class PlaceNotEmpty(Conflict):
    """There is a register already where the backup should go; nothing was changed."""

    code = "restore-not-empty"


class PlaceInUse(Conflict):
    """Keystead runs on the database the backup should go to, or its tables are of another age."""

    code = "restore-in-use"


class RestoreFailed(Unavailable):
    """What was loaded is not what the backup says; everything was taken back."""

    code = "restore-failed"
