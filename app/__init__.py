"""Careloop follows patients up by text and telephone, and hands every reply that needs a person to one."""

__version__ = "0.1.0"
