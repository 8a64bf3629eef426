"""All addresses: pages, API, and what those fetch who watch the service."""

from django.urls import include, path

from sixgate.interfaces.api import api
from sixgate.interfaces.watch.pages import figures, readyz
from sixgate.interfaces.web.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("readyz", readyz),
    path("metrics", figures),
    path("api/v1/", api.urls),
    path("", include("sixgate.interfaces.web.urls")),
]
