"""The world clients work in: signed-in people of the demo's city, and fields that fit the papers the first gate asks for."""

from django.test import Client as Browser

from factories import filled
from nemesis.clients import Caller, World
from sixgate.records.models import Organisation, User
from sixgate.usecases import _law
from sixgate.usecases._frame import today
from sixgate.usecases.demo.people import BUREAU

BACKEND = "django.contrib.auth.backends.ModelBackend"
TOKEN = "n" * 32
PAPERS = {
    "resource_inventory": {"unregistered_count": 0, "conclusion": "complete"},
    "performance_targets": {"target_count": 8, "unmeasurable_count": 0, "conclusion": "pass"},
}


def world(port: int) -> World:
    """Sign everybody in and return what clients know."""
    kinds = _law.law("440100", today())[0].evidence
    papers = {name: filled(kinds[name], **given) for name, given in PAPERS.items()}
    return World(port, {user.username: _caller(user) for user in User.objects.all()}, str(Organisation.objects.get(name=BUREAU).id), papers)


def _caller(user: User) -> Caller:
    browser = Browser()
    browser.force_login(user, backend=BACKEND)
    return Caller(f"sessionid={browser.cookies['sessionid'].value}; csrftoken={TOKEN}", TOKEN)
