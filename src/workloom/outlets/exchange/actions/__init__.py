"""What can be done with imports."""

from workloom.outlets.exchange.actions.claim import claim_placeholder
from workloom.outlets.exchange.actions.request import WantedImport, request_import, sweep_files
from workloom.outlets.exchange.actions.run import run_import

__all__ = ["WantedImport", "claim_placeholder", "request_import", "run_import", "sweep_files"]
