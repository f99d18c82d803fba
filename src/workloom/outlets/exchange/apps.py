"""The room as a Django app."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Named exchange."""

    name = "workloom.outlets.exchange"
    label = "exchange"
