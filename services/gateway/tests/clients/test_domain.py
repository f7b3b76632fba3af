"""Client secrets."""

import pytest
from gateway.clients.domain import (
    Secret,
    WeakSecret,
    check_strength,
    digest,
    matching,
    new_secret,
    secret_id,
    slot_for,
)


def kept(slot: int, secret: str) -> Secret:
    return Secret(slot, secret_id(secret), digest(secret))


def test_a_new_secret_has_an_id_that_may_be_shown_and_256_random_bits() -> None:
    secret = new_secret()
    head, _, rest = secret.partition(".")
    assert secret_id(secret) == head
    assert len(rest) == 43
    check_strength("x", secret)


def test_both_live_secrets_match_and_nothing_else() -> None:
    first, second = new_secret(), new_secret()
    live = [kept(1, first), kept(2, second)]
    assert matching(live, first) == live[0]
    assert matching(live, second) == live[1]
    for wrong in (new_secret(), "", first[:-1], first + "x", first.partition(".")[2]):
        assert matching(live, wrong) is None
    assert matching([], first) is None


def test_a_third_secret_takes_the_place_of_the_oldest() -> None:
    first, second = kept(1, new_secret()), kept(2, new_secret())
    assert slot_for([]) == 1
    assert slot_for([first]) == 2
    assert slot_for([second]) == 1
    assert slot_for([first, second]) == 1
    assert slot_for([second, first]) == 2


def test_a_short_secret_is_refused() -> None:
    for weak in ("", "secret", "id." + "a" * 42):
        with pytest.raises(WeakSecret):
            check_strength("office", weak)
