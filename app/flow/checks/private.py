"""Words that tell others about a patient's health, and the steps where nobody knows yet who reads them.

A practice may name itself and a time; a condition, a medicine or a specialty waits until identity is
confirmed (field guide §6: no condition, no specialty on voicemail; §7: minimum necessary).
"""

from __future__ import annotations

import re
from typing import Final

from app.flow.graph import graph
from app.flow.schema import Script

# Beginnings of words: "oncolog" finds oncology and oncologist.
STEMS: Final[dict[str, tuple[str, ...]]] = {
    "en": (
        "abortion", "addict", "aids", "alcohol", "alzheimer", "anxiety", "asthma", "biops", "cancer",
        "cardiac", "cardiolog", "chemo", "colonoscop", "copd", "dementia", "depress", "dermatolog",
        "detox", "diabet", "dialysis", "discharg", "disorder", "endocrinolog", "epilep", "fertility",
        "gastroenterolog", "gynecolog", "heart failure", "hepatitis", "hiv", "hospice", "hospital",
        "hypertension", "infection", "insulin", "kidney", "lupus", "mammogra", "medication", "medicine",
        "mental health", "metformin", "methadone", "nephrolog", "neurolog", "obstetric", "oncolog",
        "opioid", "overdose", "pain clinic", "pregnan", "prescription", "psychiatr", "psycholog",
        "pulmon", "radiolog", "rehab", "rheumatolog", "schizo", "seizure", "std", "sti", "stroke",
        "suboxone", "substance", "suicid", "surgery", "surgical", "therap", "transplant", "tubercul",
        "tumor", "urolog", "vaccin", "warfarin",
    ),
    "es": (
        "aborto", "adicci", "alcohol", "alzheimer", "ansiedad", "asma", "biopsia", "cancer", "cardiac",
        "cardiolog", "cirug", "colonoscop", "demencia", "depresi", "dermatolog", "derrame", "diabet",
        "dialisis", "embaraz", "endocrinolog", "epilep", "esquizo", "gastroenterolog", "ginecolog",
        "hepatitis", "hipertens", "hospital", "infecci", "insulina", "insuficiencia", "mamograf",
        "medicament", "medicina", "metadona", "metformina", "nefrolog", "neumolog", "neurolog",
        "obstetric", "oncolog", "opioide", "psicolog", "psiquiatr", "quimio", "radiolog", "receta",
        "rehabilit", "reumatolog", "rinon", "salud mental", "sida", "sobredosis", "suicid", "terapia",
        "trasplante", "tubercul", "tumor", "urolog", "vacuna", "vih", "warfarina",
    ),
}  # fmt: skip
WHOLE: Final = frozenset({"aids", "hiv", "std", "sti", "copd", "sida", "vih", "asma", "asthma"})
_ACCENTS: Final = str.maketrans("áéíóúüñ", "aeiouun")


def private_words(text: str, language: str) -> list[str]:
    """The private words in a text, each once; [] for a language we have no list of."""
    plain = re.sub(r"\{[^}]*\}", " ", text).casefold().translate(_ACCENTS)
    found = []
    for stem in STEMS.get(language, ()):
        pattern = rf"\b{re.escape(stem)}{'' if stem in WHOLE else '[a-z]*'}\b"
        hit = re.search(pattern, plain)
        if hit:
            found.append(hit[0])
    return found


def before_identity(script: Script) -> set[str]:
    """The steps whose words may be read by anybody: all, without an identity question; else those before
    it."""
    if not script.identity:
        return set(script.steps)
    gated = {
        name for name, step in script.steps.items() if step.kind in ("ask", "offer_slots") and not step.public
    }
    early: set[str] = set()
    todo = [script.first]
    drawn = graph(script)
    while todo:
        name = todo.pop()
        if name in early or name in gated or name not in script.steps:
            continue
        early.add(name)
        todo += [edge.target for edge in drawn.leaving(name)]
    return early
