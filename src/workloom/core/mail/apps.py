"""Mail as a Django app: it keeps the ledger."""

from django.apps import AppConfig


class MailConfig(AppConfig):
    """Named mail, to tell its tables from the ground's."""

    name = "workloom.core.mail"
    label = "mail"
