"""What this room records; the tasks and comments themselves are recorded by their own rooms."""

from typing import ClassVar

from workloom.events.record import Audience, Event


class ImportEvent(Event):
    """Seen by the project's admins: it names the file."""

    object_type: ClassVar[str] = "import"
    audience: ClassVar[Audience] = Audience.ADMINS


class ImportRequested(ImportEvent):
    """A file is to be imported: `name`, `kind`, `dry_run`."""

    type: ClassVar[str] = "import.requested"


class ImportFinished(ImportEvent):
    """An import is over: `status`."""

    type: ClassVar[str] = "import.finished"


class ImportFailed(ImportEvent):
    """An import was given up, and nothing more is written: `status`."""

    type: ClassVar[str] = "import.failed"


class PlaceholderClaimed(Event):
    """A member took over what an import had put under a name without an account."""

    type: ClassVar[str] = "placeholder.claimed"
    object_type: ClassVar[str] = "project"
