"""Talking to the mail server: one connection for a run of mails, each answer judged."""

import logging
import smtplib
import ssl
from types import TracebackType
from typing import Final, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from workloom.core.mail.message import as_sent, sender_address, sender_domain
from workloom.core.mail.verdicts import Answer, Verdict, judged, readable

logger = logging.getLogger("workloom.mail")
_PATIENCE_AT_THE_END: Final = 6
"""How many times longer the answer to a whole message may take: a server that still scans it has not refused it, and a
mail that is given up too early comes twice."""
_USUAL_PATIENCE_S: Final = 10.0
_MOST_PER_CONNECTION: Final = 100


class Unreachable(Exception):
    """The server did not let us in; its words, or the system's."""


class SmtpLine:
    """A connection that is opened for the first mail and closed at the end of the block."""

    def __init__(self) -> None:
        self._client: smtplib.SMTP | None = None
        self._sent = 0

    def __enter__(self) -> Self:
        """Begin without a connection."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take leave."""
        self.close()

    def hand_over(self, message: EmailMultiAlternatives, to: str) -> Verdict:
        """Give one message to the server. What befalls the connection means: later."""
        try:
            client = self._open()
            verdict = self._transact(client, to, as_sent(message))
        except Unreachable as error:
            verdict = Verdict(Answer.LATER, str(error), is_over=True)
        except (OSError, smtplib.SMTPException) as error:
            verdict = Verdict(Answer.LATER, _words_of(error), is_over=True)
        if verdict.is_over:
            self._drop()
        elif self._sent >= _MOST_PER_CONNECTION:
            self.close()
        return verdict

    def close(self) -> None:
        """Say goodbye as far as the server listens."""
        try:
            if self._client is not None:
                self._client.quit()
        except (OSError, smtplib.SMTPException) as error:
            logger.debug("The mail server took no leave: %s", error)
        self._drop()

    def _drop(self) -> None:
        client, self._client, self._sent = self._client, None, 0
        if client is not None:
            client.close()

    def _open(self) -> smtplib.SMTP:
        if self._client is not None:
            return self._client
        client = _client()
        try:
            _sign_in(client)
        except (OSError, smtplib.SMTPException) as error:
            client.close()
            raise Unreachable(_words_of(error)) from error
        self._client = client
        return client

    def _transact(self, client: smtplib.SMTP, to: str, message: bytes) -> Verdict:
        verdict = judged(*client.mail(sender_address()), step="MAIL FROM: ")
        if verdict.answer is Answer.TAKEN:
            verdict = judged(*client.rcpt(to), step="RCPT TO: ")
        if verdict.answer is Answer.TAKEN:
            verdict = _data(client, message)
            self._sent += 1
        elif not verdict.is_over:
            client.rset()
        return verdict


def _client() -> smtplib.SMTP:
    """Connect; a wrong password or a missing TLS is the installation's fault and no mail's, so it means: later."""
    domain = sender_domain()
    name = domain if "." in domain else "[127.0.0.1]"
    where = (settings.EMAIL_HOST, settings.EMAIL_PORT, name)
    try:
        if settings.EMAIL_USE_SSL:
            return smtplib.SMTP_SSL(*where, timeout=_seconds(), context=ssl.create_default_context())
        return smtplib.SMTP(*where, timeout=_seconds())
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_words_of(error)) from error


def _seconds() -> float:
    return settings.EMAIL_TIMEOUT or _USUAL_PATIENCE_S


def _sign_in(client: smtplib.SMTP) -> None:
    client.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS:
        client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
    if settings.EMAIL_HOST_USER:
        client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


def _data(client: smtplib.SMTP, message: bytes) -> Verdict:
    sock = client.sock
    if sock is None:
        return judged(-1, "")
    sock.settimeout(_seconds() * _PATIENCE_AT_THE_END)
    try:
        return judged(*client.data(message))
    except smtplib.SMTPDataError as error:
        return judged(error.smtp_code, error.smtp_error)
    finally:
        sock.settimeout(_seconds())


def _words_of(error: OSError | smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return judged(error.smtp_code, error.smtp_error).words
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "The mail server did not answer in time."
    return readable(f"{type(error).__name__}: {error}")
