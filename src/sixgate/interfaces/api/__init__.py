"""The REST door: one POST operation for each verb, and reads of what pages show; refusals speak RFC 9457."""

from sixgate.interfaces.api import acting, reading
from sixgate.interfaces.api.door import api

__all__ = ["acting", "api", "reading"]
