"""ETag, If-Match and If-None-Match (RFC 9110, section 13) over the version of one row."""

from collections.abc import Callable, Collection

from workloom.core.errors import Stale

Touched = Callable[[int], Collection[str] | None]


def etag_of(version: int) -> str:
    """Return the strong validator of one version."""
    return f'"{version}"'


def tags_in(header: str) -> list[str]:
    """Split a list of entity tags, weak ones read as strong."""
    return [tag.strip().removeprefix("W/") for tag in header.split(",") if tag.strip()]


def is_known(header: str | None, version: int) -> bool:
    """Tell whether If-None-Match names this version."""
    return header is not None and (header.strip() == "*" or etag_of(version) in tags_in(header))


def check_match(
    header: str | None,
    version: int,
    current: Callable[[], object],
    *,
    sent: Collection[str] | None = None,
    touched: Touched | None = None,
) -> None:
    """Refuse a write based on another version, unless it is a PATCH whose fields (`sent`) nobody touched since.

    `touched(version)` names the fields changed after a version, or None when that is not known. Raises Stale.
    """
    if header is None or header.strip() == "*":
        return
    tags = tags_in(header)
    if etag_of(version) in tags:
        return
    if sent is not None and touched is not None and len(tags) == 1:
        text = tags[0].strip('"')
        based_on = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
        changed = touched(based_on) if 0 < based_on < version else None
        if changed is not None and not set(changed) & set(sent):
            return
    raise Stale(current())
