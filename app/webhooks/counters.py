"""What the webhooks count."""

from __future__ import annotations

from prometheus_client import Counter

from app.webhooks.metrics import OURS

RECEIVED = Counter("careloop_webhooks_total", "Webhooks kept, by kind.", ("kind",), registry=OURS)
REFUSED = Counter(
    "careloop_webhooks_refused_total", "Webhooks refused, by reason.", ("reason",), registry=OURS
)
