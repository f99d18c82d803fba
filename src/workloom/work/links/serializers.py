"""What comes in about links."""

from typing import Any, ClassVar

from workloom.core.http.inputs import Input, Text
from workloom.work.links.rules import SENSES, LinkInput, read_kind


class KindField(Text):
    """What this task is to the other one, in any case."""

    default_error_messages: ClassVar = {"unknown": f"Send one of {', '.join(SENSES)}."}

    def to_internal_value(self, data: Any) -> str:
        """Read a name as it is stored."""
        kind = read_kind(super().to_internal_value(data))
        if kind is None:
            self.fail("unknown")
        return kind


class NewLinkIn(Input):
    """`kind` says what this task is to `task`, the other one, named by id or key."""

    builds: ClassVar = LinkInput
    aliases: ClassVar = {"task_id": "task", "type": "kind"}

    kind = KindField(max_length=40)
    task = Text(max_length=64)
