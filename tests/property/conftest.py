"""How long properties are tried: a hundred examples each, more where SIXGATE_PROPERTY_EXAMPLES says so (`make soak`). Always the same ones, without a deadline."""

import os

from hypothesis import settings

settings.register_profile("house", max_examples=int(os.environ.get("SIXGATE_PROPERTY_EXAMPLES", "100")), derandomize=True, deadline=None)
settings.load_profile("house")
