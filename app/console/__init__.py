"""The console: where coordinators see who needs them, and answer."""

from app.console.app import register

__all__ = ["register"]
