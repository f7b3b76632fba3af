"""Every write of the public document, done once by somebody who may: as data, service by service.

An operation that is added gets a turn here, or `test_every_success.py` names it.
"""

from tests.journeys.turns import funding, gateway, parks, supervision, targets
from tests.journeys.turns.turn import Look, Turn

TURNS: list[Turn | Look] = [
    *targets.TURNS,
    *parks.TURNS,
    *funding.TURNS,
    *supervision.TURNS,
    *gateway.TURNS,
]
