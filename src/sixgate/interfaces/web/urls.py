"""Addresses of the pages."""

from django.urls import path
from django.views.i18n import set_language

from sixgate.interfaces.web import act, dossier, lifecycle, planning, register, register_import, sign_in, work

urlpatterns = [
    path("", work.home, name="home"),
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("sign-out/", sign_in.SignOut.as_view(), name="sign_out"),
    path("language/", set_language, name="set_language"),
    path("projects/", register.register, name="register"),
    path("projects/import/", register_import.start, name="import_register"),
    path("projects/import/<slug:digest>/", register_import.look, name="import_preview"),
    path("projects/import/<slug:digest>/returned/", register_import.returned, name="import_returned"),
    path("imports/<uuid:batch_id>/", register_import.result, name="import_result"),
    path("imports/<uuid:batch_id>/undo/", register_import.undo, name="undo_import"),
    path("projects/export/", register.export_register, name="export_register"),
    path("projects/new/", planning.register_project, name="register_project"),
    path("projects/<uuid:project_id>/", dossier.project, name="project"),
    path("projects/<uuid:project_id>/gates/<slug:gate>/", dossier.gate, name="gate"),
    path("projects/<uuid:project_id>/<slug:tab>/", dossier.project_tab, name="project_tab"),
    path("projects/<uuid:project_id>/acts/<str:address>/", act.act, name="act"),
    path("evidence/<uuid:version_id>/", lifecycle.evidence, name="evidence"),
    path("files/<uuid:file_id>/", lifecycle.file, name="file"),
    path("files/<uuid:file_id>/pages/<int:number>/", lifecycle.picture, name="picture"),
    path("requirements/<str:requirement_id>/", lifecycle.requirement, name="requirement"),
]
