"""Addresses of the pages."""

from django.urls import path
from django.views.i18n import set_language

from sixgate.interfaces.web import act, dossier, ledger, lifecycle, planning, ratings, register, register_import, sign_in, whatif, work
from sixgate.interfaces.web.authority import account, clauses, organisations, people

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
    path("projects/<uuid:project_id>/what-if/", whatif.evidence, name="what_if"),
    path("projects/<uuid:project_id>/rating/<slug:name>/", ratings.rating_form, name="rating_form"),
    path("projects/<uuid:project_id>/<slug:tab>/", dossier.project_tab, name="project_tab"),
    path("projects/<uuid:project_id>/acts/<str:address>/", act.act, name="act"),
    path("differences/", ratings.differences, name="differences"),
    path("calibration/", ratings.calibration, name="calibration"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("set-password/<str:uid>/<str:token>/", account.set_password, name="set_password"),
    path("organisations/", organisations.organisations, name="organisations"),
    path("organisations/new/", organisations.register_organisation, name="register_organisation"),
    path("organisations/<uuid:organisation_id>/", organisations.organisation, name="organisation"),
    path("organisations/<uuid:organisation_id>/<slug:name>/", organisations.change, name="change_organisation"),
    path("people/", people.people, name="people"),
    path("people/new/", people.create_account, name="create_account"),
    path("people/<uuid:person_id>/", people.person, name="person"),
    path("people/<uuid:person_id>/<slug:name>/", people.change, name="change_person"),
    path("posts/<uuid:post_id>/end/", people.end_post, name="end_post"),
    path("posts/<uuid:post_id>/delegate/", people.delegate_post, name="delegate_post"),
    path("delegations/<uuid:delegation_id>/end/", people.end_delegation, name="end_delegation"),
    path("clauses/", clauses.clauses, name="clauses"),
    path("clauses/what-if/", whatif.threshold, name="threshold"),
    path("clauses/<str:target>/", clauses.clause, name="clause"),
    path("clauses/<str:target>/<slug:name>/", clauses.switch, name="switch_clause"),
    path("ledger/", ledger.ledger, name="ledger"),
    path("ledger/<uuid:event_id>/", ledger.event, name="ledger_event"),
    path("evidence/<uuid:version_id>/", lifecycle.evidence, name="evidence"),
    path("files/<uuid:file_id>/", lifecycle.file, name="file"),
    path("files/<uuid:file_id>/pages/<int:number>/", lifecycle.picture, name="picture"),
    path("requirements/<str:requirement_id>/", lifecycle.requirement, name="requirement"),
]
