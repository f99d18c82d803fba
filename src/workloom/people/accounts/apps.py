from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "workloom.people.accounts"
    label = "accounts"
