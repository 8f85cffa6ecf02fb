"""Whose fault a failure is: that of the one thing at hand, or of what all the others need as well."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

import psycopg.errors
from rq.timeouts import BaseTimeoutException
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    TimeoutError,
)

T = TypeVar("T")
MET = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.SerializationFailure,
    sqlite3.OperationalError,
)
"""What the driver says when two transactions met and one was given up."""


def met_another(problem: BaseException) -> bool:
    """Whether two transactions met and this one was given up: nothing of it was done, and it may try again."""
    return isinstance(problem, DBAPIError) and isinstance(problem.orig, MET)


def of_all(problem: BaseException) -> bool:
    """Whether the others would fail alike: the job's time is up (its alarm rings but once), the database is away.

    It says nothing of the one thing at hand, is not counted against it, and ends the job.
    """
    if isinstance(problem, BaseTimeoutException | TimeoutError | InterfaceError):
        return True
    return isinstance(problem, OperationalError) and not met_another(problem)


def once_more(do: Callable[[], T]) -> T:
    """Do this, and again when the database refused it the first time, though it is there.

    For what is one transaction, whole or not at all, and has nobody who would come back to it.
    """
    try:
        return do()
    except SQLAlchemyError as problem:
        if of_all(problem):
            raise
        return do()
