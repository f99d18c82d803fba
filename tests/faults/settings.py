"""What the processes under test run with: the installation's own settings, and one consumer that can be made to raise."""

from workloom.config.settings import *  # noqa: F403 - settings extend settings
from workloom.config.settings import CONSUMERS, INSTALLED_APPS

CONSUMERS = {**CONSUMERS, "brittle": "tests.faults.brittle.jobs.consume"}
INSTALLED_APPS = [*INSTALLED_APPS, "tests.faults.brittle"]
