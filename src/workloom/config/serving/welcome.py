from django.conf import settings

from workloom.people.accounts.actions import create_operator, mint_setup_link
from workloom.people.accounts.queries import has_operator


def base_url() -> str:
    """The address to type on this machine: a server that listens everywhere is reached by its own name."""
    host = "127.0.0.1" if settings.HOST in {"0.0.0.0", "::"} else settings.HOST  # noqa: S104 - compared, not bound
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.PORT}"


def way_in() -> str:
    """How to get in: made of the settings, offered once as a link, or known already."""
    if has_operator():
        return "Sign in as before."
    if settings.ADMIN_EMAIL:
        create_operator(email=settings.ADMIN_EMAIL, password=settings.ADMIN_PASSWORD)
        return f"The administrator {settings.ADMIN_EMAIL} was made; sign in with ADMIN_PASSWORD."
    link = f"{base_url()}/setup/{mint_setup_link()}/"
    return f"Nobody has an account yet. This link makes the first administrator, once:\n    {link}"


def welcome(entry: str) -> str:
    base = base_url()
    return f"""
Workloom runs at {base}
  API documentation  {base}/api/docs/
  Administration     {base}/admin/
  {entry}
Ctrl-C stops it.
"""
