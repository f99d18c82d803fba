import msgspec


class Health(msgspec.Struct, frozen=True):
    """`failing` names the parts that are not connected; it is empty when the status is `healthy`."""

    status: str
    database: str
    cache: str
    failing: list[str]
    release: str
