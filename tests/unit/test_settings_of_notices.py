"""Settings of notices: what is no pair and no network is refused by the variable's name, never repeating a secret."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from sixgate.settings import named, networks_of, port_of


def test_pairs_and_networks_are_read() -> None:
    assert named("X", ["a=https://b.cn/?k=v", " c = d "]) == {"a": "https://b.cn/?k=v", "c": "d"}
    assert [str(item) for item in networks_of("X", ["10.0.0.0/8", "fd00::/8"])] == ["10.0.0.0/8", "fd00::/8"]


@pytest.mark.parametrize("wrong", ["SECRET", "=SECRET", "SECRET="])
def test_what_is_no_pair_is_refused_without_telling_it(wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        named("NOTICES_ROBOT_SECRETS", [wrong])
    assert (str(caught.value).startswith("NOTICES_ROBOT_SECRETS: "), "SECRET=" in str(caught.value).partition(": ")[2]) == (True, False)


def test_what_is_no_network_or_port_is_refused_by_name() -> None:
    with pytest.raises(ImproperlyConfigured, match="^NOTICES_NETWORKS: "):
        networks_of("NOTICES_NETWORKS", ["10.0.0.1/8"])
    with pytest.raises(ImproperlyConfigured, match="^EMAIL_PORT: "):
        port_of("x", "EMAIL_PORT")
