"""Opt-outs in French, Haitian Creole and Portuguese by families, each beside the harmless double of its words."""

from __future__ import annotations

import pytest

from tests.understanding.telling import told


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "Merci de ne plus l'appeler, elle est épuisée par tout ça"),
        ("fr", "je vous prie de bien vouloir cesser tout contact"),
        ("fr", "je refuse que vous m'envoyiez quoi que ce soit"),
        ("fr", "j'exige que vous arrêtiez"),
        ("fr", "virez mon numéro de votre machine"),
        ("fr", "je n'ai pas signé pour ça, enlevez-moi"),
        ("fr", "dites à votre robot d'arrêter de sonner"),
        ("fr", "appelez moi pu jamais"),
        ("fr", "encore un texto et je porte plainte"),
        ("fr", "je m'oppose à l'utilisation de mes données"),
        ("fr", "Je souhaite mettre fin aux messages"),
        ("fr", "votre service ne m'intéresse pas"),
        ("fr", "merci. arrêtez maintenant. bonne journée"),
        ("ht", "tanpri nou mèt sispann ekri m"),
        ("ht", "piga nou voye anyen ban mwen"),
        ("ht", "m pa t janm dakò pou resevwa tèks"),
        ("ht", "si nou rele ankò m ap pote plent"),
        ("ht", "wete non manman m nan lis nou an"),
        ("ht", "kite papa m anpè li fatige"),
        ("ht", "mwen retire konsantman mwen"),
        ("ht", "mwen mande pou m pa resevwa okenn mesaj ankò"),
        ("ht", "koupe rapèl sa yo"),
        ("pt", "por gentileza retirem o número da minha mãe do cadastro"),
        ("pt", "gostaria que parassem de mandar torpedo"),
        ("pt", "não dei autorização pra me mandarem nada"),
        ("pt", "tô cansada de responder robô"),
        ("pt", "se mandar mais uma eu bloqueio"),
        ("pt", "Agradeço, mas solicito o encerramento dos envios."),
        ("pt", "vocês não têm permissão pra me ligar"),
        ("pt", "pode cancelar esse serviço de mensagem"),
        ("pt", "já pedi mil vezes pra parar de ligar"),
        ("pt", "me exclui por favor"),
        ("pt", "Deixem de me enviar mensagens para o telemóvel"),
        ("pt", "eu queria não receber mais essas mensagens"),
        ("pt", "sumam da minha vida"),
        ("fr", "abstenez-vous de me contacter désormais"),
        ("fr", "non merci et stop"),
        ("fr", "plu de texto svp"),
        ("fr", "je me passe très bien de vos appels"),
        ("fr", "j'exige d'être rayée immédiatement"),
        ("fr", "faites comme si je n'avais plus de portable"),
        ("fr", "où cliquer pour ne plus recevoir ces trucs"),
        ("fr", "ne l'utilisez plus, c'est le numéro de mon patron"),
        ("ht", "mwen pas vle message encore"),
        ("ht", "yon lòt moun gen telefòn sa, pa rele l ankò"),
        ("ht", "zewo apèl tanpri"),
        ("ht", "m ap rele avoka si nou kontinye"),
        ("ht", "m bouke wè mesaj nou"),
        ("ht", "ki jan pou m soti nan gwoup la"),
        ("ht", "pa bezwen pèsonn kontwole m"),
        ("ht", "m p ap reponn wobo"),
        ("pt", "solicito a interrupção dos contatos"),
        ("pt", "num kero mais mensage"),
        ("pt", "me desvincula desse programa por favor"),
        ("pt", "recuso esses lembretes"),
        ("pt", "finjam que não existo"),
        ("pt", "quem passou meu contato? removam"),
        ("pt", "não preciso que me monitorem"),
        ("pt", "deem baixa no meu cadastro"),
    ],
)
def test_opt_outs(language: str, text: str) -> None:
    assert "opt_out" in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "le docteur m'a dit de ne plus l'appeler le week-end"),
        ("fr", "ma banque arrête pas de m'appeler"),
        ("fr", "pourquoi vous m'écrivez plus ?"),
        ("fr", "vous avez supprimé mon nom de la liste ?"),
        ("fr", "n'arrêtez surtout pas les rappels"),
        ("fr", "personne ne m'appelle plus, je suis seule"),
        ("fr", "enlevez-moi les points svp"),
        ("fr", "je veux plus de douleur"),
        ("fr", "je suis désinscrit du club de marche depuis l'opération"),
        ("fr", "j'ai écrit ça par erreur : lâchez-moi, c'était pour mon cousin, je l'ai envoyé par erreur"),
        ("fr", "si un jour je veux plus de messages je fais quoi"),
        ("fr", "ne m'appelez plus au travail, écrivez-moi"),
        ("ht", "poukisa nou sispann ekri m"),
        ("ht", "pa rele m anvan nevè"),
        ("ht", "pitit mwen pa rele m ankò"),
        ("ht", "pa sispann voye rapèl yo"),
        ("ht", "m pa resevwa mesaj yo"),
        ("ht", "m pa vle deranje nou"),
        ("ht", "eske m ka retire pansman an"),
        ("ht", "m bouke ak doulè sa a"),
        ("pt", "falei pro meu marido parar de mandar áudio"),
        ("pt", "minha irmã não para de me ligar"),
        ("pt", "tô na lista de espera, não me tirem"),
        ("pt", "quando chega o lembrete?"),
        ("pt", "por que vocês pararam de mandar lembrete?"),
        ("pt", "não me liga de manhã que eu durmo"),
        ("pt", "tira minha dúvida por favor"),
        ("pt", "me tira esse gesso logo"),
        ("pt", "para qual número eu ligo para mandar os exames?"),
        ("pt", "não mande a receita pra farmácia antiga"),
        ("pt", "se um dia eu não quiser mais as mensagens faço como?"),
        ("pt", "me deixem em paz, era pra minha prima essa mensagem"),
        ("fr", "le médecin m'a dit stop au sel"),
        ("fr", "j'ai plus de contact avec mon frère"),
        ("fr", "laissez tranquille la cicatrice"),
        ("fr", "arrêtez vos questions, envoyez une ambulance"),
        ("fr", "silence radio de la clinique depuis lundi"),
        ("fr", "pas intéressé par l'atelier"),
        ("ht", "vwazen m pa kite m anpè"),
        ("ht", "tanpri pa rele anbilans, li pi byen"),
        ("ht", "lafyèv la lage m"),
        ("ht", "te bloke pòt la"),
        ("ht", "mwen pa nan lis la"),
        ("ht", "li p ap reponn ankò, li tonbe"),
        ("pt", "bloqueei vocês por engano"),
        ("pt", "não me manda pro hospital de novo"),
        ("pt", "chega de pergunta, não consigo respirar"),
        ("pt", "o dreno incomoda, tirem"),
        ("pt", "não me interesso pela palestra"),
        ("pt", "não recebi nem mensagem nem ligação"),
    ],
)
def test_the_same_words_of_something_else(language: str, text: str) -> None:
    assert "opt_out" not in told(text, language).intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "un seul sms par semaine suffirait"),
        ("fr", "appelez plutôt ma fille"),
        ("fr", "écrivez-moi au lieu d'appeler"),
        ("ht", "yon sèl mesaj pa semèn tanpri"),
        ("ht", "rele m pito pase ekri"),
        ("pt", "manda mensagem em vez de ligar"),
        ("pt", "uma mensagem por semana, menos mensagens"),
        ("pt", "liga pro meu filho"),
    ],
)
def test_a_wish_about_how_is_for_a_person(language: str, text: str) -> None:
    read = told(text, language)
    assert read.flag
    assert "opt_out" not in read.intents


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "j'ai tapé stop sans faire exprès"),
        ("fr", "je voudrais continuer à recevoir vos rappels"),
        ("ht", "m te peze stop pa erè"),
        ("ht", "m ta renmen kontinye resevwa rapèl yo"),
        ("pt", "mandei sair sem querer, podem continuar mandando os lembretes"),
        ("pt", "quero continuar recebendo os avisos"),
    ],
)
def test_wanting_them_back(language: str, text: str) -> None:
    found = told(text, language).intents
    assert "opt_in" in found
    assert "opt_out" not in found


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "ce n'est plus le portable de monsieur Petit"),
        ("fr", "jamais entendu parler de cette dame"),
        ("ht", "m pa konn okenn Jan Pyè"),
        ("ht", "se pa telefòn li"),
        ("pt", "comprei esse chip faz um mês"),
        ("pt", "esse telefone agora é meu"),
    ],
)
def test_wrong_numbers(language: str, text: str) -> None:
    assert "wrong_number" in told(text, language).intents


def test_a_wrong_number_on_a_prescription_is_none() -> None:
    assert "wrong_number" not in told("le médecin a mis le mauvais numéro sur la feuille", "fr").intents
    assert "wrong_number" not in told("doktè a ekri move nimewo sou preskripsyon an", "ht").intents
    assert "wrong_number" not in told("digitei o número errado da carteirinha", "pt").intents
