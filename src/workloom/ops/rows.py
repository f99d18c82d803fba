import msgspec


class Health(msgspec.Struct, frozen=True):
    """`jobs` is about who works the queue, `events` about readers of the log that are behind.

    `failing` names the parts that do not work; it is empty when the status is `healthy`. Without the database the two are `unknown`.
    """

    status: str
    database: str
    cache: str
    jobs: str
    events: str
    failing: list[str]
    release: str
