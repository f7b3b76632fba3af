"""Every way in which the driver says that the server is gone."""

import asyncpg
import pytest
from servicekit.db import is_lost_connection
from servicekit.http.errors import from_database
from servicekit.messaging.errors import is_passing
from servicekit.messaging.postgres import LOST
from servicekit.problems import Unavailable
from sqlalchemy.exc import DBAPIError

DRIVER_ERRORS = [
    ConnectionResetError("reset by peer"),
    asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation"),
    # What is raised when the server's farewell was read before the connection was used again.
    asyncpg.InternalClientError("cannot switch to state 12; another operation (2) is in progress"),
]


@pytest.mark.parametrize("error", DRIVER_ERRORS, ids=lambda error: type(error).__name__)
def test_a_vanished_server_is_unavailable_and_passing(error: Exception) -> None:
    wrapped = DBAPIError("COMMIT", None, error)
    for each in (error, wrapped):
        assert is_lost_connection(each)
        assert is_passing(each)
        assert isinstance(from_database(each), Unavailable)
    assert isinstance(error, LOST)
