"""French, Kreyòl and Portuguese: questions answered by facts and turns instead of a yes or no."""

from __future__ import annotations

from datetime import datetime

import pytest

from app.understanding import Expectation, Urgency, read

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
    "ht bleeding": "Èske w ap senyen yon jan ki enkyete w? Reponn WI oswa NON.",
    "ht wound": "Èske plè a wouj, cho, anfle oswa gen likid k ap soti ladan l? Reponn WI oswa NON.",
    "ht nausea": "Èske ou gen kè plen oswa vomisman ki anpeche w manje oswa bwè? Reponn WI oswa NON.",
    "ht fever": "Èske ou te gen lafyèv oswa frison depi ou tounen lakay ou? Reponn WI oswa NON.",
    "ht mood": "Nan 2 dènye semèn yo, èske ou te santi w tris oswa san espwa souvan? Reponn WI oswa NON.",
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
    "ht ride": "Èske ou gen transpò pou randevou jedi 3 desanm nan? Reponn WI oswa NON.",
    "ht visit": "Èske ou gen yon randevou swivi ak doktè w la? Reponn WI oswa NON.",
    "ht pickup": "Èske ou pran medikaman ou yo nan famasi a? Reponn WI oswa NON.",
    "ht instructions": "Èske ou konprann enstriksyon yo te ba ou lè w soti lopital la? Reponn WI oswa NON.",
    "ht adherence": "Èske w ap pran medikaman ou yo jan etikèt la di a? Reponn WI oswa NON.",
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
    ("ht bleeding", "mwen pa wè san depi yo wete sonn nan", "no"),
    ("ht bleeding", "san an pa vle rete", "yes"),
    ("ht wound", "cho wi, rès yo non", "yes"),
    ("ht nausea", "M bwè yon gòje li remonte", "yes"),
    ("ht nausea", "gou manje a tounen", "no"),
    ("ht nausea", "grenn pou kè plen an fini", None),
    ("ht fever", "se bouyon cho a ki fè m swe", "no"),
    ("ht mood", "m di tout moun m byen men anndan m kraze", "yes"),
    ("ht ride", "m te konte sou kouzin mwen men li fèk lage m", "no"),
    ("ht ride", "pa gen pwoblèm men m pa gen machin", "no"),
    ("ht visit", "m te gen youn lan mwa novanm m rate l", "no"),
    ("ht pickup", "non non enkyete w pa, m te gentan pase pran yo", "yes"),
    ("ht instructions", "pitit fi m ki enfimyè esplike m yo pwen pa pwen", "yes"),
    ("ht instructions", "yo pa esplike m anyen", "no"),
    ("ht adherence", "m poko janm bliye youn", "yes"),
    ("ht adherence", "M pran l nan swa olye maten", "no"),
]


@pytest.mark.parametrize(("asked", "text", "answer"), ROWS)
def test_facts_and_turns_answer(asked: str, text: str, answer: str | None) -> None:
    context = "symptom_yes_no" if asked in SYMPTOM else "yes_no"
    prompt = SYMPTOM.get(asked) or FACT[asked]
    expectation = Expectation(context=context, prompt=prompt, options=())
    assert read(text, expectation, asked[:2], NOW).answer == answer


VISITA = (
    "Clínica Riverside: você tem consulta com o Dr. Patel quinta, 3 de dezembro, às 14h15. "
    "Responda 1 ou SIM para confirmar, 2 para remarcar, 3 para cancelar."
)
QUEDA = "Você teve alguma queda desde que voltou para casa? Responda SIM ou NÃO."
REMEDIOS = "Você está tomando seus remédios como diz o rótulo? Responda SIM ou NÃO."


@pytest.mark.parametrize(
    ("context", "prompt", "text", "answer"),
    [
        ("confirm_appointment", VISITA, "daria para mudar para segunda?", "reschedule"),
        ("confirm_appointment", VISITA, "o seguro venceu mês passado", None),
        ("symptom_yes_no", QUEDA, "quase caí mas me segurei", "no"),
        ("symptom_yes_no", QUEDA, "caí no banheiro", "yes"),
        ("symptom_yes_no", SYMPTOM["pt breath"], "subi a ladeira e nem cansei", "no"),
        ("symptom_yes_no", SYMPTOM["pt breath"], "subi a ladeira e cansei", "yes"),
        ("symptom_yes_no", SYMPTOM["pt chest"], "o coração dói de saudade da minha neta", "no"),
        ("symptom_yes_no", SYMPTOM["pt chest"], "o coração dói muito", "yes"),
        ("yes_no", REMEDIOS, "não penso em parar de tomar", "yes"),
        ("yes_no", FACT["pt time"], "fala mais alto por favor", None),
        ("yes_no", FACT["pt time"], "fala aí", "yes"),
    ],
)
def test_what_is_told_answers(context: str, prompt: str, text: str, answer: str | None) -> None:
    assert read(text, Expectation(context, prompt), "pt", NOW).answer == answer


def test_a_farewell_is_no_no() -> None:
    told = read(
        "Guardei os comprimidos todos. Não quero cá estar",
        Expectation("symptom_yes_no", SYMPTOM["pt mood"]),
        "pt",
        NOW,
    )
    assert (told.answer != "no", told.urgency, told.kind) == (True, Urgency.EMERGENCY, "suicide")
