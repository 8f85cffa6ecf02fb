"""French, Kreyòl and Portuguese: questions answered by facts and turns instead of a yes or no."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, read

NOW = datetime.fromisoformat("2026-12-01T09:00")
SYMPTOM = {
    "fr breath": "Avez-vous du mal à respirer ? Répondez OUI ou NON.",
    "fr chest": "Avez-vous une douleur ou une pression dans la poitrine ? Répondez OUI ou NON.",
    "fr bleeding": "Avez-vous un saignement qui vous inquiète ? Répondez OUI ou NON.",
    "fr wound": "Votre plaie est-elle rouge, chaude, gonflée ou suintante ? Répondez OUI ou NON.",
    "fr nausea": "Avez-vous des nausées ou des vomissements qui vous empêchent de manger ? Répondez OUI ou NON.",
    "fr dizzy": "Avez-vous eu des vertiges aujourd'hui ? Répondez OUI ou NON.",
    "fr mood": "Ces 2 dernières semaines, vous êtes-vous souvent senti triste ? Répondez OUI ou NON.",
    "pt breath": "Você está com dificuldade para respirar? Responda SIM ou NÃO.",
    "pt chest": "Você está com dor ou pressão no peito? Responda SIM ou NÃO.",
    "pt wound": "Seu corte está vermelho, quente, inchado ou com secreção? Responda SIM ou NÃO.",
    "pt fever": "Você teve febre ou calafrios desde que voltou para casa? Responda SIM ou NÃO.",
    "pt nausea": "Você está com náusea ou vômito que não deixa comer ou beber? Responda SIM ou NÃO.",
    "pt mood": "Nas últimas 2 semanas, você se sentiu muitas vezes triste? Responda SIM ou NÃO.",
    "es wound": "¿Su herida está roja, caliente, hinchada o supura? Responda SÍ o NO.",
    "en wound": "Is your incision red, warm, swollen or draining? Reply YES or NO.",
}
FACT = {
    "fr ride": "Avez-vous un moyen de transport pour votre rendez-vous ? Répondez OUI ou NON.",
    "fr home": "Avez-vous quelqu'un à la maison pour vous aider ? Répondez OUI ou NON.",
    "pt ride": "Você tem transporte para a consulta de quinta, 3 de dezembro? Responda SIM ou NÃO.",
    "pt pickup": "Você já pegou seus remédios na farmácia? Responda SIM ou NÃO.",
    "pt time": "Aqui é a Riverside Health. É um bom momento para algumas perguntas? Responda SIM ou NÃO.",
    "pt visit": "Você tem uma consulta de retorno marcada com seu médico? Responda SIM ou NÃO.",
    "pt adherence": "Você está tomando seus remédios como diz na caixa? Responda SIM ou NÃO.",
    "pt better": "Você se sente melhor que ontem? Responda SIM ou NÃO.",
    "fr instructions": "Comprenez-vous vos instructions de sortie ? Répondez OUI ou NON.",
}
ROWS = [
    ("fr breath", "pas capable de jaser au téléphone sans reprendre mon air", "yes"),
    ("fr breath", "juste quand je mets mes bas", "yes"),
    ("fr breath", "pas pour le moment", "no"),
    ("fr chest", "petite lourdeur après le souper, rien de grave je crois", "yes"),
    ("fr chest", "pas de douleur, pas de lourdeur", "no"),
    ("fr chest", "le coeur bat tranquille, mon docteur l'a écouté", "no"),
    ("fr chest", "pas de mal, plus de poids, plus rien", "no"),
    ("fr chest", "j'ai pas mes lunettes je lis rien", None),
    ("fr bleeding", "les gencives quand je mange une pomme", "yes"),
    ("fr bleeding", "nn ca sarete pas meme en apuyant fort", "yes"),
    ("fr wound", "elle a coulé jusqu'à jeudi, l'antibio a fait son travail, fini", "no"),
    ("fr wound", "non pas rouge mais gonflée", "yes"),
    ("fr wound", "non mais j'ai mal", "no"),
    ("fr wound", "non mais pas gonflée non plus", "no"),
    ("es wound", "No, no roja pero hinchada", "yes"),
    ("en wound", "No not red but swollen", "yes"),
    ("en wound", "No but my ankle is swollen", "no"),
    ("en wound", "No but it hurts", "no"),
    ("fr nausea", "le médicament contre les nausées marche bien", "no"),
    ("fr nausea", "non je mange pas, rien reste en bas", "yes"),
    ("fr dizzy", "je marche en me tenant aux meubles", "yes"),
    ("fr dizzy", "je marche comme avant", "no"),
    ("fr mood", "non ça va pas, je broie du noir chaque matin", "yes"),
    ("fr mood", "non ça va pas mal", "no"),
    ("fr ride", "mon cousin a vendu son char", "no"),
    ("fr ride", "je comptais sur ma fille mais elle est de garde", "no"),
    ("fr ride", "mon cousin", "yes"),
    ("fr home", "mon mari travaille au nord", "no"),
    ("fr instructions", "c'est pas bien sorcier, pas de douche 2 jours et marcher", "yes"),
    ("fr instructions", "rien qui me bloque", "yes"),
    ("pt breath", "chiando igual gato desde a madruga", "yes"),
    ("pt breath", "ontem sim por causa da fumaça, hj zero", "no"),
    ("pt breath", "num tá boa não eu paro pra falar com você", "yes"),
    ("pt breath", "nem falta de ar nem tosse", "no"),
    ("pt chest", "Minha pressão ta 12/8 e dor nenhuma", "no"),
    ("pt chest", "a pressão no peito tá forte", "yes"),
    ("pt chest", "nao melhorou nada daquela dor", "yes"),
    ("pt wound", "Tava com secreção, tomei antibiotico 7 dias e limpou", "no"),
    ("pt fever", "não medi mas tava pelando e suando", "yes"),
    ("pt fever", "febre não tive", "no"),
    ("pt fever", "ontem sim por causa da gripe, hoje nada", "yes"),
    ("pt nausea", "o remedio do enjoo pode tomar em jejum?", None),
    ("pt mood", "finjo q to bem pras crianças", "yes"),
    ("pt mood", "no dia da alta chorei mas de felicidade", "no"),
    ("pt mood", "chorei de tristeza a semana toda", "yes"),
    ("pt ride", "n precisa se preocupar, meu irmão leva", "yes"),
    ("pt pickup", "Peguei td na farmacia popular, de graça ainda", "yes"),
    ("pt pickup", "não peguei ainda", "no"),
    ("pt time", "Isso é golpe?", None),
    ("pt time", "Agora é otimo, acabei de almoçar", "yes"),
    ("pt time", "vou almoçar", "no"),
    ("pt visit", "O sistema caiu no dia e ficaram de me ligar", "no"),
    ("pt visit", "tenho dia 5, ficaram de ligar pra confirmar", "yes"),
    ("pt adherence", "desde que a Rita organizou nunca mais errei", "yes"),
    ("pt better", "Ontem tava bom, hj desandou", "no"),
]


@pytest.mark.parametrize(("asked", "text", "answer"), ROWS)
def test_facts_and_turns_answer(asked: str, text: str, answer: str | None) -> None:
    context = "symptom_yes_no" if asked in SYMPTOM else "yes_no"
    prompt = SYMPTOM.get(asked) or FACT[asked]
    expectation = Expectation(context=context, prompt=prompt, options=())
    assert read(text, expectation, asked[:2], NOW).answer == answer
