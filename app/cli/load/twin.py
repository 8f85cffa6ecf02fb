"""The bare twin: the least that verifies a webhook and keeps it, under the same server on the same database.

What it does less than the product is what the product's own work costs.
"""

from __future__ import annotations

import json
import os
import uuid

from flask import Flask, Response, request
from psycopg_pool import ConnectionPool

from app.security.signatures import signed_by_twilio

TABLE = """
CREATE TABLE IF NOT EXISTS twin_event (
  id uuid PRIMARY KEY, kind text NOT NULL, dedupe text NOT NULL, number_index text NOT NULL,
  params bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now(), state text NOT NULL, UNIQUE (kind, dedupe)
);
CREATE INDEX IF NOT EXISTS ix_twin_number ON twin_event (number_index, state);
CREATE INDEX IF NOT EXISTS ix_twin_pending ON twin_event (received_at) WHERE state = 'new'
"""
INSERT = """
INSERT INTO twin_event (id, kind, dedupe, number_index, params, state) VALUES (%s, 'text', %s, %s, %s, 'new')
ON CONFLICT (kind, dedupe) DO NOTHING
"""


def create() -> Flask:
    """The twin's application; its surroundings come from the environment, like the product's."""
    token, origin = os.environ["TWILIO_AUTH_TOKEN"], os.environ["PUBLIC_URL"]
    pool = ConnectionPool(os.environ["DATABASE_URL"], min_size=4, max_size=16, open=True)
    app = Flask("twin")

    @app.post("/webhooks/twilio/message")
    def message() -> Response:
        params = request.form.to_dict()
        signature = request.headers.get("X-Twilio-Signature", "")
        if not signed_by_twilio(origin + request.path, params, signature, tokens=[token]):
            return Response("no", 403)
        row = (uuid.uuid4(), params["MessageSid"], params["From"], json.dumps(params).encode())
        with pool.connection() as connection:
            connection.execute(INSERT, row)
        return Response("<Response/>", content_type="text/xml")

    return app
