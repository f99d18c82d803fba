"""Links in mails: from the address at which people reach this server."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the whole address of a path that begins with a slash."""
    public: str = settings.PUBLIC_URL
    return public + path
