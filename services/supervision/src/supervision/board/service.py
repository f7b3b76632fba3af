"""Reading the board."""

from typing import Any

from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.clock import china_date
from servicekit.db import Session
from servicekit.http.paging import PageRequest

from supervision.board import repository
from supervision.board.repository import BoardFilter
from supervision.items.service import amber_until
from supervision.permissions import READ_SUPERVISION_BOARD


async def read_board(
    session: Session, principal: Principal, page: PageRequest, wanted: BoardFilter
) -> dict[str, Any]:
    """The units the caller may see."""
    units = await directory.visible_units(session, principal, READ_SUPERVISION_BOARD)
    today = china_date()
    soon = await amber_until(session, today)
    return await repository.fetch_board(session, page, units, today, soon, wanted)
