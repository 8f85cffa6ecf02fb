"""The environment of a test machine: nothing in it is anybody's secret, and nothing in it leads out."""

from __future__ import annotations

import base64

ENVIRON = {
    "CARELOOP_ENV": "test",
    "SECRET_KEY": "a secret only the tests have",
    "ENCRYPTION_KEYS": f"t1:{base64.b64encode(b'1' * 32).decode()},t0:{base64.b64encode(b'0' * 32).decode()}",
    "INDEX_KEY": base64.b64encode(b"i" * 32).decode(),
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "12345",
    "TWILIO_API_ORIGIN": "http://127.0.0.1:9",
    "TWILIO_FROM_NUMBER": "+13125550100",
    "TWILIO_VOICE_NUMBER": "+13125550100",
}
