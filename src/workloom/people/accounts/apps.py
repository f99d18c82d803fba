from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class AccountsConfig(AppConfig):
    default = True
    name = "workloom.people.accounts"
    label = "accounts"


class SiteConfig(admin_apps.AdminConfig):
    """The admin site with our sign-in."""

    default = False
    default_site = "workloom.people.accounts.site.Site"
