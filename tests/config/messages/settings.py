"""What the workers under test run with: the installation's own settings, and jobs that the tests can follow."""

from workloom.config.settings import *  # noqa: F403 - settings extend settings
from workloom.config.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.config.messages.kinds"]
