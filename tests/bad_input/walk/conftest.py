"""The furnished tenants of the rights, played with here too."""

from tests.rights.conftest import stage, world

__all__ = ["stage", "world"]
