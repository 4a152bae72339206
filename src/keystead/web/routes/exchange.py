"""Addresses of imports, inside a workspace."""

from django.urls import path

from keystead.web import imports, taking_out
from keystead.web.routes import ids  # noqa: F401 - registers the converter

urlpatterns = [
    path("import", imports.listing, name="import"),
    path("import/<id:import_id>", imports.look, name="import-look"),
    path("import/<id:import_id>/answers", imports.answer, name="import-answer"),
    path("import/<id:import_id>/columns", imports.columns, name="import-columns"),
    path("import/<id:import_id>/apply", imports.apply, name="import-apply"),
    path("import/<id:import_id>/undo", imports.undo, name="import-undo"),
    path("import/<id:import_id>/discard", imports.discard, name="import-discard"),
    path("import/<id:import_id>/problems", imports.problem_file, name="import-problems"),
    path("export/copies.csv", imports.export_copies, name="export-copies"),
    path("export", taking_out.page, name="take-out"),
    path("export/everything.<slug:kind>", taking_out.file, name="take-out-file"),
]
