"""`careloop locales extract` brings the translation files up to date; `careloop locales check` judges
them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from app.cli.scripts import FLOWS, LOCALES, load_scripts
from app.flow import texts
from app.flow.checks import Finding, check_builtin, check_translations
from app.flow.effects import Text
from app.i18n import LANGUAGES, Catalogs, po


def messages(flows: Path) -> list[po.Message]:
    """Every text to translate: the shared ones, then each script's."""
    found = [_message(source, "app/flow/builtin.py") for source in texts.shared()]
    for script in load_scripts(flows):
        found += [_message(source, f"flows/{script.script}.yaml") for source in texts.of_script(script)]
    return found


def _message(source: texts.Source, place: str) -> po.Message:
    hints = {"choice": "One of the choices: keep it short.", "voice": "Spoken on a call."}
    text: Text = source.text
    return po.Message(text.context, text.source, place, hints.get(source.kind, ""))


def extract(flows: Path, locales: Path) -> int:
    """Rewrite the template and every language's file; says which changed."""
    template = po.template(messages(flows))
    changed = ["careloop.pot"] if po.write_template(locales, template) else []
    for language, path in po.files(locales, LANGUAGES):
        if po.merge(path, language, template):
            changed.append(str(path.relative_to(locales)))
    print(f"{len(template)} texts; changed: {', '.join(changed) or 'nothing'}")
    return 0


def check(flows: Path, locales: Path, languages: list[str]) -> int:
    """Say what is untranslated, unapproved or has the wrong placeholders; 1 when something must be mended."""
    catalogs = Catalogs.load(locales)
    found: list[Finding] = check_builtin(catalogs, tuple(languages))
    for script in load_scripts(flows):
        found += check_translations(script, catalogs, tuple(languages))
    for finding in dict.fromkeys(found):
        print(finding)
    errors = sum(finding.severity == "error" for finding in found)
    return 1 if errors else 0


def main(argv: list[str] | None = None) -> int:
    """Run `careloop locales`; the exit status."""
    parser = argparse.ArgumentParser(prog="careloop locales", description=__doc__)
    parser.add_argument("command", choices=("extract", "check"))
    parser.add_argument("--flows", type=Path, default=FLOWS, help="the folder with the scripts")
    parser.add_argument("--locales", type=Path, default=LOCALES, help="the folder with the translations")
    parser.add_argument("--lang", action="append", help="check this language only (may be repeated)")
    options = parser.parse_args(argv)
    if options.command == "extract":
        return extract(options.flows, options.locales)
    return check(options.flows, options.locales, options.lang or ["en", "es"])


if __name__ == "__main__":
    sys.exit(main())
