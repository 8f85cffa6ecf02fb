"""Finds a command's module by its name and runs it; only that module is imported, so every start is quick."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping

from app import __version__
from app.errors import CareloopError

COMMANDS: Mapping[str, tuple[str, str]] = {
    "demo": ("app.cli.demo", "everything at once, with invented patients: web, worker, clock, sandbox"),
    "serve": ("app.cli.serve", "the web server (--events: the console's live streams only)"),
    "worker": ("app.cli.worker", "jobs from the queues (-n: how many processes)"),
    "clock": ("app.cli.clock", "due timers and sweeps, put on the queues as their time comes"),
    "mllp": ("app.cli.mllp", "listen for HL7 v2 messages"),
    "supervise": ("app.cli.supervise", "run the Procfile's processes, and start again what dies"),
    "db": ("app.cli.db", "bring the database to the newest schema (db upgrade)"),
    "setup": ("app.cli.setup", "the newest schema, the lanes and scripts that ship: once for each version"),
    "site": ("app.cli.site", "add, change and list practice locations"),
    "staff": ("app.cli.staff", "add people who use the console"),
    "api-key": ("app.cli.api_key", "keys for programs that use the API"),
    "import": ("app.cli.import_", "take patients, visits and slots from CSV, FHIR or HL7 files"),
    "scripts": ("app.cli.scripts", "check, draw, rehearse, replay or export scripts"),
    "locales": ("app.cli.locales", "extract and check translations"),
    "read": ("app.cli.read", "what replies mean: JSON lines in, JSON lines out"),
    "holds": ("app.cli.holds", "what is not being sent and why; lift what was mended"),
    "audit": ("app.cli.audit", "verify the audit trail"),
    "backup": ("app.cli.backup", "write a backup"),
    "restore": ("app.cli.restore", "put a backup back"),
    "seed": ("app.cli.seed", "fill the sandbox practice with invented people"),
    "load-test": ("app.cli.load_test", "measure this machine against the budgets"),
}
INTERRUPTED = 130


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit status; what a person can mend is told in words, without a stack."""
    arguments = sys.argv[1:] if argv is None else argv
    name = arguments[0] if arguments else "--help"
    if name in ("-h", "--help", "help"):
        print(usage())
        return 0
    if name in ("-V", "--version"):
        print(f"careloop {__version__}")
        return 0
    if name not in COMMANDS:
        print(f"careloop: there is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    return _run(name, arguments[1:])


def usage() -> str:
    """All commands, one a line."""
    rows = [f"  {name:<11} {words}" for name, (_, words) in COMMANDS.items()]
    return "usage: careloop COMMAND [options]     (careloop COMMAND --help says more)\n\n" + "\n".join(rows)


def _run(name: str, arguments: list[str]) -> int:
    try:
        status = importlib.import_module(COMMANDS[name][0]).main(arguments)
        sys.stdout.flush()
    except CareloopError as problem:
        print(problem.words, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`| head`); Python would complain once more while closing.
        sys.stdout = None
        return 0
    return int(status)
