"""What a Trello export holds, as far as we read it; other members are passed over."""

import msgspec

from workloom.outlets.exchange.sources.typed import Moment


class ListShape(msgspec.Struct):
    id: str
    name: str = ""
    closed: bool = False
    pos: float = 0


class LabelShape(msgspec.Struct):
    id: str
    name: str | None = ""
    color: str | None = None


class MemberShape(msgspec.Struct):
    id: str
    full_name: str | None = msgspec.field(default="", name="fullName")
    username: str | None = ""
    email: str | None = None


class AttachmentShape(msgspec.Struct):
    name: str | None = ""
    url: str | None = ""
    bytes: int | None = None
    mime_type: str | None = msgspec.field(default=None, name="mimeType")


class FieldValueShape(msgspec.Struct):
    text: str | None = None
    number: str | None = None


class FieldItemShape(msgspec.Struct):
    field: str = msgspec.field(name="idCustomField")
    value: FieldValueShape | None = None
    option: str | None = msgspec.field(default=None, name="idValue")


class OptionShape(msgspec.Struct):
    id: str
    value: FieldValueShape | None = None


class CustomFieldShape(msgspec.Struct):
    id: str
    name: str = ""
    type: str = ""
    options: list[OptionShape] = []


class BadgesShape(msgspec.Struct):
    comments: int = 0
    attachments: int = 0
    votes: int = 0


class CardShape(msgspec.Struct):
    """A card; `pos` is its order in the list, often a fraction."""

    id: str
    id_list: str = msgspec.field(name="idList")
    name: str = ""
    desc: str | None = ""
    closed: bool = False
    pos: float = 0
    due: Moment | None = None
    start: Moment | None = None
    due_complete: bool | None = msgspec.field(default=False, name="dueComplete")
    last_activity: Moment | None = msgspec.field(default=None, name="dateLastActivity")
    id_labels: list[str] = msgspec.field(default_factory=list, name="idLabels")
    id_members: list[str] = msgspec.field(default_factory=list, name="idMembers")
    labels: list[LabelShape] = []
    attachments: list[AttachmentShape] = []
    badges: BadgesShape | None = None
    custom_fields: list[FieldItemShape] = msgspec.field(default_factory=list, name="customFieldItems")
    plugin_data: list[object] = msgspec.field(default_factory=list, name="pluginData")
    stickers: list[object] = []
    is_template: bool | None = msgspec.field(default=False, name="isTemplate")
    cover: str | None = msgspec.field(default=None, name="idAttachmentCover")
    reminder: int | None = msgspec.field(default=None, name="dueReminder")
    location: str | None = msgspec.field(default=None, name="locationName")
    subscribed: bool | None = False


class CheckItemShape(msgspec.Struct):
    id: str
    name: str = ""
    state: str | None = ""
    pos: float = 0
    due: Moment | None = None
    member: str | None = msgspec.field(default=None, name="idMember")


class ChecklistShape(msgspec.Struct):
    id: str
    id_card: str = msgspec.field(name="idCard")
    name: str = ""
    pos: float = 0
    items: list[CheckItemShape] = msgspec.field(default_factory=list, name="checkItems")


class ReferenceShape(msgspec.Struct):
    id: str = ""


class DataShape(msgspec.Struct):
    card: ReferenceShape | None = None
    list_after: ReferenceShape | None = msgspec.field(default=None, name="listAfter")
    text: str | None = None


class ActionShape(msgspec.Struct):
    """One line of the board's history; comments are nowhere else."""

    id: str
    type: str
    date: Moment
    creator: str | None = msgspec.field(default=None, name="idMemberCreator")
    member: MemberShape | None = msgspec.field(default=None, name="memberCreator")
    data: DataShape = msgspec.field(default_factory=DataShape)
