"""Which address leads where."""

from django.urls import URLPattern, URLResolver, include, path

from keystead.web.routes import custody, exchange, reading, register, start

handler400 = "keystead.web.errors.bad_request"
handler403 = "keystead.web.errors.permission_denied"
handler404 = "keystead.web.errors.page_not_found"
handler500 = "keystead.web.errors.server_error"

inside_a_workspace = [
    *custody.urlpatterns,
    *register.urlpatterns,
    *reading.urlpatterns,
    *exchange.urlpatterns,
]

urlpatterns: list[URLPattern | URLResolver] = [
    *start.urlpatterns,
    path("w/<slug:slug>/", include(inside_a_workspace)),
    path("api/", include("keystead.api.urls")),
]
