"""HTTP of the files of plans: the same operations for both kinds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Response
from servicekit.auth.principal import Principal
from servicekit.files.attaching import DOCUMENTS, REFUSALS, document
from servicekit.files.download import attachment, gives
from servicekit.files.upload import Upload
from servicekit.http import app
from servicekit.http.openapi import problems
from servicekit.http.paging import PageRequest, sorted_by
from servicekit.http.route import SessionDep, permitted
from servicekit.problems import InvalidTransition
from servicekit.types import Moment

from supervision.permissions import READ_UNIT_PLAN, SUBMIT_UNIT_PLAN
from supervision.plan_requests.domain import PlanKind
from supervision.unit_plan_files import service
from supervision.unit_plan_files.models import FILES
from supervision.unit_plans.routes import PATHS, SAID
from supervision.unit_plans.schemas import UnitPlanFilePage, UnitPlanFileRead


def files_of(kind: PlanKind) -> APIRouter:
    """Every operation on the files of plans of one kind."""
    router = app.router(PATHS[kind])
    _add_list(router, kind)
    _add_upload(router, kind)
    _add_reading(router, kind)
    _add_removal(router, kind)
    return router


def _all(kind: PlanKind) -> str:
    return f"/{PATHS[kind]}/{{plan_id}}/files"


def _add_list(router: APIRouter, kind: PlanKind) -> None:
    async def list_files(
        plan_id: UUID,
        session: SessionDep,
        page: Annotated[PageRequest, sorted_by(FILES.sortable)],
        edition: Annotated[int | None, Query(ge=1, le=10_000)] = None,
        updated_since: Moment | None = None,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Any:
        return await service.list_files(
            session, principal, page, kind, plan_id, edition, updated_since
        )

    router.add_api_route(
        _all(kind),
        list_files,
        name=f"list_{kind}_files",
        response_model=UnitPlanFilePage,
        summary=f"List the files of {SAID[kind]}",
        description="Of every edition, or of one, the oldest first.",
    )


def _add_upload(router: APIRouter, kind: PlanKind) -> None:
    async def add_file(
        plan_id: UUID,
        session: SessionDep,
        response: Response,
        principal: Principal = permitted(SUBMIT_UNIT_PLAN),
        upload: Upload = document(),
    ) -> Any:
        row = await service.add_file(session, principal, kind, plan_id, upload)
        path = f"/{PATHS[kind]}/{plan_id}/files/{row.id}"
        response.headers["Location"] = f"{app.PREFIX}{path}"
        return row

    router.add_api_route(
        _all(kind),
        add_file,
        methods=["POST"],
        status_code=201,
        name=f"add_{kind}_file",
        response_model=UnitPlanFileRead,
        responses=problems(InvalidTransition, *REFUSALS),
        summary=f"Attach a file to {SAID[kind]}",
        description="The body is the file: a PDF, a Word or Excel document or a picture of up to "
        "20 MiB. While the plan is with its unit, up to 20 files for the edition to come.",
    )


def _add_reading(router: APIRouter, kind: PlanKind) -> None:
    one = f"{_all(kind)}/{{file_id}}"

    async def get(
        plan_id: UUID,
        file_id: UUID,
        session: SessionDep,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Any:
        return await service.get_file(session, principal, kind, plan_id, file_id)

    async def content(
        plan_id: UUID,
        file_id: UUID,
        session: SessionDep,
        principal: Principal = permitted(READ_UNIT_PLAN),
    ) -> Response:
        row = await service.get_file(session, principal, kind, plan_id, file_id)
        return await attachment(session, row.file_sha256, row.file_name)

    router.add_api_route(
        one,
        get,
        name=f"get_{kind}_file",
        response_model=UnitPlanFileRead,
        summary="Read what is known of a file",
        description="Edition, name, type and size; the file itself is at `/content`.",
    )
    router.add_api_route(
        f"{one}/content",
        content,
        name=f"get_{kind}_file_content",
        response_class=Response,
        responses=gives(*DOCUMENTS),
        summary=f"Download a file of {SAID[kind]}",
        description="The file as it was handed in.",
    )


def _add_removal(router: APIRouter, kind: PlanKind) -> None:
    async def remove(
        plan_id: UUID,
        file_id: UUID,
        session: SessionDep,
        principal: Principal = permitted(SUBMIT_UNIT_PLAN),
    ) -> None:
        await service.remove_file(session, principal, kind, plan_id, file_id)

    router.add_api_route(
        f"{_all(kind)}/{{file_id}}",
        remove,
        methods=["DELETE"],
        status_code=204,
        name=f"remove_{kind}_file",
        responses=problems(InvalidTransition),
        summary=f"Remove a file of {SAID[kind]}",
        description="Of the edition that is not handed in yet.",
    )


implementation_plan_files = files_of(PlanKind.IMPLEMENTATION)
annual_work_plan_files = files_of(PlanKind.ANNUAL)
