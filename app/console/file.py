"""The address at which a patient’s file opens: for who may see the case, and each look is in the audit trail."""

from __future__ import annotations

from io import BytesIO
from typing import Final
from uuid import UUID

from flask import request, send_file
from flask.typing import ResponseReturnValue

from app.console import case_view, queue_rows
from app.console.access import bp, me, needs
from app.console.files import PLAYS
from app.console.looks import looked
from app.console.services import now, services
from app.media.kinds import EXTENSIONS, INLINE
from app.media.models import Media
from app.media.queries import kept
from app.store import begin

HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    # Opened on its own it may draw and play itself, and nothing more.
    "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}


@bp.get("/cases/<uuid:case_id>/files/<uuid:media_id>")
@needs("case:read")
def case_file(case_id: UUID, media_id: UUID) -> ResponseReturnValue:
    """A file the patient of this case sent; `?download` to keep it. Each look is a row in the audit trail."""
    at, download = now(), "download" in request.args
    with begin(services().sessions) as session:
        case = case_view.find(session, queue_rows.view_of(session, me(), at), case_id)
        media, data = kept(session, case.patient_id, media_id)
        detail = {"case": str(case_id), "patient": str(case.patient_id), "kind": media.kind}
        action = "file.download" if download else "file.view"
        # A player asks for one file in many pieces: that is one look, and whoever asks for a piece first has looked.
        looked(session, action, "media", media_id, detail, by_itself="Range" in request.headers)
    return _answer(media, data, download)


def _answer(media: Media, data: bytes, download: bool) -> ResponseReturnValue:
    """The bytes. Only what cannot carry a script opens in the browser; everything else is saved."""
    content_type = media.content_type or "application/octet-stream"
    opens = content_type in INLINE or content_type in PLAYS
    answer = send_file(
        BytesIO(data),
        mimetype=content_type,
        as_attachment=download or not opens,
        download_name=f"{media.kind}-{media.created_at:%Y-%m-%d}-{media.position + 1}.{EXTENSIONS[content_type]}",
        conditional=True,
        etag=False,
    )
    answer.headers.update(HEADERS)
    return answer
