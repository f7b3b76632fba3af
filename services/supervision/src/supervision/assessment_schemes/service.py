"""Keeping schemes."""

from servicekit import audit
from servicekit.auth import directory
from servicekit.auth.principal import Principal
from servicekit.db import Session
from servicekit.http.etag import check_version
from servicekit.problems import PreconditionFailed

from supervision.assessment_schemes import repository
from supervision.assessment_schemes.models import AssessmentScheme
from supervision.assessment_schemes.schemas import AssessmentSchemePut
from supervision.permissions import PUT_ASSESSMENT_SCHEME


async def put_scheme(
    session: Session,
    principal: Principal,
    code: str,
    body: AssessmentSchemePut,
    expected: int | None,
) -> tuple[AssessmentScheme, bool]:
    """Make a scheme or its next revision; gives it and whether the scheme is new. The same again
    changes nothing.

    Raises:
        PreconditionFailed: it is not at the expected version, or somebody else has just put the
            next one.
    """
    await directory.require(session, principal, PUT_ASSESSMENT_SCHEME)
    wanted = body.model_dump(mode="json")
    last = await repository.newest(session, code)
    if last is None and expected is not None:
        raise PreconditionFailed
    if last is not None:
        check_version(last, expected, required=False)
        if wanted == {name: getattr(last, name) for name in wanted}:
            return last, False
    revision = 1 if last is None else last.version + 1
    row = AssessmentScheme(code=code, version=revision, put_by=principal.subject, **wanted)
    session.refuse("uq_assessment_scheme_code_version", PreconditionFailed())
    session.add(row)
    await session.flush()
    audit.record(session, PUT_ASSESSMENT_SCHEME.name, "assessment_scheme", code, after=wanted)
    return row, last is None
