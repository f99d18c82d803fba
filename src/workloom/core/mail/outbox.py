"""Where mails go: to the mail server of the settings, or in development to the log."""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from workloom.core.mail.smtp import SmtpLine
from workloom.core.mail.verdicts import Answer, Verdict, readable

logger = logging.getLogger("workloom.mail")
_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_CONSOLE: Final = "django.core.mail.backends.console.EmailBackend"


class Outbox(Protocol):
    """Takes messages, one after the other."""

    def hand_over(self, message: EmailMultiAlternatives, to: str) -> Verdict:
        """Give one message away, and say what became of it."""


class LogOutbox:
    """Writes mails to the log, for an installation without a mail server."""

    def hand_over(self, message: EmailMultiAlternatives, to: str) -> Verdict:
        """Write the text form."""
        logger.info("Mail to %s: %s\n%s", to, message.subject, message.body)
        return Verdict(Answer.TAKEN, "Written to the log: no mail server is set.")


class FrameworkOutbox:
    """The framework's other ways, such as a folder of files."""

    def hand_over(self, message: EmailMultiAlternatives, to: str) -> Verdict:
        """Hand it to the way that the settings name."""
        try:
            get_connection().send_messages([message])
        except OSError as error:
            return Verdict(Answer.LATER, readable(f"{type(error).__name__}: {error}"), is_over=True)
        return Verdict(Answer.TAKEN, f"Taken by {settings.EMAIL_BACKEND.split('.')[-2]}.")


def open_outbox() -> AbstractContextManager[Outbox]:
    """Return the way that the settings name, to be closed after the run."""
    if settings.EMAIL_BACKEND == _SMTP:
        return SmtpLine()
    return nullcontext(LogOutbox() if settings.EMAIL_BACKEND == _CONSOLE else FrameworkOutbox())
