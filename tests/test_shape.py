"""The shape of the whole: sizes, promises of the surface, and things that are easily forgotten."""

from __future__ import annotations

import ast
import re
import statistics
import tomllib
from collections.abc import Iterator

import pytest

from app.cli.main import COMMANDS
from app.cli.supervise import read_procfile
from app.cli.worker import load_jobs
from app.queues import PRIORITY
from app.settings import setting_names
from tests.support.source import ROOT, Source, lines_of, sources

APP = sources("app")
ALL = sources("app", "tests", "tools")
CODE = tuple(source for source in APP if not source.migration)
LOCKS = ("requirements.lock", "requirements-dev.lock")


def ninth_of_ten(values: list[int]) -> float:
    return statistics.quantiles(values, n=10)[-1]


def test_files_are_short() -> None:
    lengths = {source.name: source.text.count("\n") for source in CODE}
    assert {name: length for name, length in lengths.items() if length > 400} == {}
    assert ninth_of_ten(list(lengths.values())) <= 250


def test_functions_are_short() -> None:
    lengths = {
        f"{source.name}:{function.lineno} {function.name}": lines_of(function)
        for source in CODE
        for function in source.functions()
    }
    assert {name: length for name, length in lengths.items() if length > 60} == {}
    assert ninth_of_ten(list(lengths.values())) <= 30
    assert statistics.median(lengths.values()) <= 10


def inner_imports(source: Source) -> Iterator[str]:
    for function in source.functions():
        for node in ast.walk(function):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "."]
            yield from (f"{source.name}:{node.lineno} {n}" for n in names if n.split(".")[0] in ("app", ""))


def test_our_own_packages_are_imported_at_the_top() -> None:
    assert [found for source in APP for found in inner_imports(source)] == []


AMBIENT_TIME = re.compile(
    r"\b(datetime\.now|datetime\.today|date\.today|utcnow|utcfromtimestamp|time\.time)\("
)


def test_only_the_clock_knows_what_time_it_is() -> None:
    found = [s.name for s in APP if s.name != "app/clock.py" and AMBIENT_TIME.search(s.text)]
    # The sandbox is another world, with a time of its own.
    assert [name for name in found if not name.startswith("app/sandbox/")] == []


SILENCED = re.compile(r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no cover)\b(?P<rest>.*)")
CODES = r"(: ?[A-Z]+\d+(, ?[A-Z]+\d+)*|\[[a-z-]+(, ?[a-z-]+)*\])"
WITH_REASON = re.compile(CODES + r"[\s#:–-]+\S+ .*\S")


def test_who_silences_a_checker_says_which_and_why() -> None:
    silent = [
        f"{source.name}:{line} {comment}"
        for source in ALL
        for line, comment in source.comments()
        if (found := SILENCED.search(comment)) and not WITH_REASON.fullmatch(found["rest"].strip())
    ]
    assert silent == []


UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")


def test_nothing_is_left_unfinished() -> None:
    here = "tests/test_shape.py"
    assert [source.name for source in ALL if source.name != here and UNFINISHED.search(source.text)] == []


SKIPPED = re.compile(r"mark\.(skip|skipif|xfail)|pytest\.(skip|xfail|importorskip)\(")


def test_no_test_is_skipped() -> None:
    here = "tests/test_shape.py"
    assert [source.name for source in ALL if source.name != here and SKIPPED.search(source.text)] == []


# The folder of the processes' counters is the metrics library's own variable, which it reads itself as well.
ENVIRONMENT = re.compile(r"(?<!PROMETHEUS_MULTIPROC_DIR\" in )\bos\.(environ|getenv)\b")


BEGINNINGS = ("app/cli/", "app/factory.py", "app/jobs/desk.py", "app/sandbox/")


def test_only_where_a_process_begins_is_the_environment_read() -> None:
    readers = [source.name for source in APP if ENVIRONMENT.search(source.text)]
    assert [name for name in readers if not name.startswith(BEGINNINGS)] == []


def test_every_command_is_there() -> None:
    missing = [
        name
        for name, (module, _) in COMMANDS.items()
        if not (ROOT / f"{module.replace('.', '/')}.py").exists()
    ]
    assert missing == []


def test_every_setting_is_explained() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in setting_names() if f"`{name}`" not in readme] == []


def test_every_queue_is_worked() -> None:
    worked = {word for program in read_procfile(ROOT / "Procfile").values() for word in program.argv}
    assert set(PRIORITY) <= worked


def test_every_process_type_is_there() -> None:
    assert set(read_procfile(ROOT / "Procfile")) == {"release", "web", "events", "worker", "clock", "mllp"}


def test_every_jobs_name_stands_for_a_function() -> None:
    load_jobs()


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^(--|-[ief] )", text, re.MULTILINE)
    for block in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block


def package(requirement: str) -> str:
    return re.split(r"[<>=\[; ]", requirement)[0].replace(".", "-").lower()


def test_what_is_asked_for_is_locked() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())
    run, dev = ({package(line) for line in (ROOT / name).read_text().splitlines()} for name in LOCKS)
    assert {package(need) for need in asked["project"]["dependencies"]} <= run
    assert run | {package(need) for need in asked["dependency-groups"]["dev"]} <= dev
