"""`POST /api/v1/<resource>/import`, derived from the operation that creates a single one."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Literal, get_type_hints

from fastapi import APIRouter, Query, Request, Response
from fastapi.routing import APIRoute

from servicekit import audit
from servicekit.auth.permissions import Permission
from servicekit.auth.principal import Principal
from servicekit.files import store as files
from servicekit.files.kinds import CSV, XLSX, FileTypeMismatch, UnexpectedFileType
from servicekit.files.upload import MIB, EmptyFile, Upload, uploaded
from servicekit.http.batch import Create, DryRun
from servicekit.http.exports.columns import COMMON_LABELS
from servicekit.http.openapi import permission_of, problems
from servicekit.http.route import SessionDep, permitted
from servicekit.imports.archive import check_workbook
from servicekit.imports.importing import CheckForm, Import, Words
from servicekit.imports.plain import Plain
from servicekit.imports.problems import AT_ONCE
from servicekit.imports.writing import Write, writer_of
from servicekit.jobs import store as jobs
from servicekit.jobs.job import Kind
from servicekit.jobs.permissions import READ_JOBS
from servicekit.jobs.routes import load
from servicekit.jobs.schemas import JobRead

LARGEST = 20 * MIB

Mode = Annotated[
    Literal["atomic", "partial"],
    Query(description="All rows or none; or all that are right, in parts of some hundred."),
]


def add_import(
    router: APIRouter,
    create: Create,
    *,
    labels: Mapping[str, str],
    create_many: Write | None = None,
    plain: Plain | None = None,
    check_form: CheckForm | None = None,
    words: Words | None = None,
) -> Kind:
    """Give the resource of the operation `create` its import: same permission, same rules. Answers
    the kind of job, which the service's worker has to be given.

    `create_many` is the use case that creates many at once, by the rules of `create` and with its
    audit rows and events; without it rows are created one by one. `plain` does the same for rows
    written as nobody could take them for anything else, faster. `check_form` judges the forms
    handed out for this; `words` reads words that people write for a value.
    """
    route = next(r for r in router.routes if isinstance(r, APIRoute) and r.endpoint is create)
    permission = permission_of(route)
    assert permission is not None, f"{route.path} declares no permission"
    resource = route.path.strip("/")
    work = Import(
        permission=permission,
        model=get_type_hints(create)["body"],
        writer=writer_of(create, route.response_model, create_many),
        labels={**COMMON_LABELS, **labels},
        check_form=check_form,
        words=words,
        plain=plain,
    )
    kind = Kind(f"{resource.replace('-', '_')}.import", work.run)

    router.add_api_route(
        f"{route.path}/import",
        _operation(kind, permission),
        methods=["POST"],
        status_code=202,
        name=f"import_{resource.replace('-', '_')}",
        responses=problems(UnexpectedFileType, FileTypeMismatch, EmptyFile, *AT_ONCE),
        summary=f"{route.summary} (import)",
        description=f"A workbook or CSV whose rows are the bodies of a POST to `{route.path}`; the "
        "heads are the fields' names, or their Chinese ones. Answers the job that does it: "
        "`/jobs/{job_id}` shows how far it is, `/errors` every wrong cell, `/result` the file with "
        "what is wrong written beside it.",
    )
    return kind


def _operation(kind: Kind, permission: Permission) -> Callable[..., Awaitable[JobRead]]:
    """The operation that takes the file and asks for the job."""

    async def import_all(
        request: Request,
        session: SessionDep,
        response: Response,
        principal: Principal = permitted(permission),
        upload: Upload = uploaded(XLSX, CSV, limit=LARGEST),
        mode: Mode = "atomic",
        dry_run: DryRun = False,
    ) -> JobRead:
        if upload.media_type == XLSX:
            await asyncio.to_thread(check_workbook, upload.file)
        parameters = {"mode": mode, "dry_run": dry_run}
        job_id = await jobs.enqueue(
            session,
            request.app.state.settings.service,
            kind.name,
            parameters,
            input_sha256=await files.keep(session, upload),
            input_name=upload.name,
        )
        audit.record(session, kind.name, "job", job_id, file=upload.sha256, **parameters)
        response.headers["Location"] = f"/api/v1/jobs/{job_id}"
        return JobRead.model_validate(await load(session, principal, READ_JOBS, job_id))

    return import_all
