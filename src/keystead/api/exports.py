"""Taking everything out over the API."""

from django.http import FileResponse

from keystead.api.answers import Call
from keystead.api.endpoints import Routes
from keystead.exchange import everything
from keystead.exchange.everything import Format

routes = Routes("exports")


@routes.file("/everything.{kind}")
def export_everything(request: Call, kind: Format) -> FileResponse:
    """Download all that the workspace knows as one file, as of one moment, but no secret.

    `csv` is a zip of CSV files, `xlsx` a workbook, `json` one document. The table of members is
    there only for who may manage them.
    """
    taken = everything.take_out(request.actor, kind)
    return FileResponse(
        taken.file, as_attachment=True, filename=taken.file_name, content_type=taken.content_type
    )
