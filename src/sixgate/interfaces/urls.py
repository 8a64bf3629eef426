"""All addresses: pages, API, and the one word for those who watch the service."""

from django.urls import include, path

from sixgate.interfaces.api import api
from sixgate.interfaces.web.health import healthz

urlpatterns = [path("healthz", healthz), path("api/v1/", api.urls), path("", include("sixgate.interfaces.web.urls"))]
