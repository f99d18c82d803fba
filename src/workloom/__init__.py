"""Workloom: a self-hosted task and workflow management system, API first."""

__version__ = "0.1.0.dev0"
