"""Texts every script shares, with their gettext contexts `builtin/<key>`.

Safety texts are fixed and approved words: they tell whom to call and that a person was told; they neither
reassure nor advise (field guide §6). Placeholders are the same as in scripts.
"""

from __future__ import annotations

from typing import Final

from app.flow.effects import Text

SAFETY_KEYS: Final = ("safety_911", "safety_988", "safety_poison")

TEXTS: Final[dict[str, str]] = {
    "safety_911": "This sounds like an emergency. Call 911 now or have someone call for you. A person at "
    "{practice.name} is being told right now.",
    "safety_988": "You are not alone. Call or text 988 now to talk with someone (veterans: call 988 and "
    "press 1, or text 838255). If you are in danger right now, call 911. A person at {practice.name} is "
    "being told right now.",
    "safety_poison": "This sounds like an emergency. Call 911 now, or Poison Control at 1-800-222-1222 if "
    "everyone is awake and breathing well. A person at {practice.name} is being told right now.",
    "opted_out": "{practice.name}: You will get no more texts from us. For care questions call "
    "{practice.phone}. Text START if you want our texts again.",
    "opted_in": "{practice.name}: You will get our texts again. Reply STOP at any time to end them.",
    "help": "{practice.name}: We text patients about visits and recovery. To reach a person call "
    "{practice.phone}. In an emergency call 911. Reply STOP to end.",
    "to_person": "Thank you. A person at {practice.name} will read this and get back to you. In an "
    "emergency call 911.",
    "to_person@voice": "Thank you. A person at {practice.name} will be told. In an emergency hang up and call "
    "911.",
    "wrong_number": "Sorry about that. We will not text this number again about this.",
    "wrong_number@voice": "Sorry about that. We will not call this number again about this.",
    "condolence": "We are very sorry for your loss. We will send no more messages. A person at "
    "{practice.name} will see this.",
    "condolence@voice": "We are very sorry for your loss. We will not call again. A person at "
    "{practice.name} will be told.",
    "which_patient": "Who is this about? Reply with the number.",
    "identity": "First, to protect your privacy: what is your date of birth? Write it as month, day, "
    "year, like 03/25/1950.",
    "identity@voice": "To protect your privacy, please key in your date of birth: two digits for the "
    "month, two for the day, four for the year. You can also say it.",
    "identity_again": "That did not match. Please write your date of birth as month, day, year, like "
    "03/25/1950.",
    "identity_again@voice": "That did not match. Please key in your date of birth once more: two digits for "
    "the month, two for the day, four for the year. March 5, 1950 is 0 3, 0 5, 1 9 5 0.",
    "identity_failed": "We could not check that. A person at {practice.name} will call you. You can also "
    "call {practice.phone}.",
    "say_back": "We understood your answer as: {answer}. Is that right?",
    "say_back@voice": "I heard: {answer}. Is that right?",
    "say_back_time": "You would like {slot.start:datetime}. Is that right?",
    "unclear": "Sorry, we did not understand.",
    "unclear_to_person": "Thank you. A person at {practice.name} will read your answer and get back to you.",
    "unclear_to_person@voice": "Sorry, we still did not understand.",
    "nudge": "{practice.name}: just checking in, we have not heard from you yet.",
    "yes": "Yes",
    "no": "No",
    "none_fit": "None of these",
    "reply_with_number": "Reply 1 to {last}.",
    "reply_one_or_two": "Reply 1 or 2.",
    "offer": "These times are free. Which one works for you?",
    "slot_gone": "Sorry, that time was just taken.",
    "in_own_words": "Please answer in your own words.",
    "in_own_words@voice": "You can speak now.",
    "scale_hint": "Reply with a number from 0 to 10.",
    "scale_hint@voice": "Say or key in a number from 0 to 10, then press pound.",
    "number_hint": "Reply with a number.",
    "language_offer": "To get our texts in English, reply ENGLISH.",
    "language_switched": "We will write to you in English from now on.",
    "language_switched@voice": "We go on in English.",
    "voice_greeting": "Hello, this is {practice.name} calling for {patient.first_name}. This line is not "
    "for emergencies. In an emergency hang up and call 911.",
    "voice_inbound": "Thank you for calling {practice.name}. This line is not for emergencies. In an "
    "emergency hang up and call 911.",
    "voice_menu_hint": "For a person, press 0 at any time. For more choices, or to stop these calls, press "
    "star.",
    "voice_menu": "To hear that again press 1. To hear it slower press 2. For another language press 3. "
    "To stop these calls press 9. For a person press 0.",
    "voice_language": "For English, press {key}.",
    "voice_thanks": "Thank you.",
    "voice_press": "{label}: press {key}.",
    "voice_or_say": "Or say it.",
    "voice_silence": "Sorry, I did not hear you.",
    "voice_goodbye": "Goodbye.",
    "voice_to_person": "Please wait, we are connecting you with a person.",
    "voice_call_back": "Thank you. A person at {practice.name} will call you back. In an emergency call 911.",
    "voice_no_number": "We cannot see your number, so we cannot call you back. Please call {practice.phone} when "
    "we are open. In an emergency call 911.",
    "voice_nobody": "Nobody could take the call just now. A person at {practice.name} will call you back. In an "
    "emergency call 911.",
    "voice_no_need": "Hello, this is {practice.name}. We called to ask something, and it is settled by now. You "
    "need not do anything.",
    "voice_sorry": "We are sorry, something is wrong on our side. In an emergency call 911. Please call us again "
    "later. Goodbye.",
    "voice_voicemail": "Hello, this is {practice.name}. Please call us back at {practice.phone}. Thank you.",
    "voice_opted_out": "We will not call you again. For care questions call {practice.phone}.",
    "voice_whisper": "A patient from the follow-up line. Press any key to take the call.",
}


def text(key: str, channel: str = "sms") -> Text:
    """The shared text for `key`, in its wording for the channel where it has one; KeyError for an unknown
    key."""
    spoken = f"{key}@voice"
    if channel == "voice" and spoken in TEXTS:
        return Text(f"builtin/{spoken}", TEXTS[spoken])
    return Text(f"builtin/{key}", TEXTS[key])


def is_safety(context: str) -> bool:
    """Whether a text is one of the fixed words for an emergency."""
    return context.removeprefix("builtin/").split("@")[0] in SAFETY_KEYS
