"""Workloom: a self-hosted task and workflow management system, API first."""
