"""What a provider's token must be, and who it is here."""

import re
from typing import Any

from servicekit.auth.principal import Principal
from servicekit.auth.tokens import is_date, is_name
from servicekit.problems import Problem, Unauthenticated

from gateway.logins.schemas import Provider

TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt"})
"""`typ` in lower case: not every provider writes RFC 9068's; then `check` tells by the claims."""
_ID_TOKEN_CLAIMS = frozenset({"nonce", "at_hash", "c_hash"})
_CODE = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_LONGEST = 255


class UnitUnknown(Problem):
    """The person is who it says, and works somewhere that the programme does not know."""

    status = 403
    code = "unit_unknown"
    zh = "登录账号所属单位“{unit}”不在工程单位目录中或已停用，请联系管理员"
    en = "Your account belongs to {unit}, which is no active unit of the programme"


def check(header: dict[str, Any], claims: dict[str, Any], provider: Provider, now: float) -> None:
    """Whether this is an access token of this provider, for us, and valid now.

    Raises:
        Unauthenticated: it is not.
    """
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    expires, issued, not_before = (claims.get(name) for name in ("exp", "iat", "nbf"))
    leeway = provider.leeway
    fine = (
        str(header.get("typ", "JWT")).lower() in TYPES
        and "crit" not in header
        # Keycloak's word for what a token is; its ID and refresh tokens say so here.
        and claims.get("typ", "Bearer") == "Bearer"
        and _ID_TOKEN_CLAIMS.isdisjoint(claims)
        and claims.get("iss") == provider.issuer
        and any(one in provider.audiences for one in audiences if isinstance(one, str))
        and is_date(expires)
        and expires + leeway > now
        and is_date(issued)
        and issued <= now + leeway
        and (not_before is None or (is_date(not_before) and not_before <= now + leeway))
    )
    if not fine:
        raise Unauthenticated


def to_person(claims: dict[str, Any], provider: Provider) -> Principal:
    """Who this is here: a subject and a client with the provider's name before them, the roles of
    the role map, and never a scope.

    Raises:
        Unauthenticated: no proper subject or unit, or a front end that is not one of ours.
    """
    subject = find(claims, provider.subject_claim)
    client = find(claims, provider.client_claim)
    # A token for a machine of the provider has the machine itself as its subject (RFC 9068).
    if not is_proper(subject) or client not in provider.clients or subject == client:
        raise Unauthenticated
    given = find(claims, provider.roles_claim)
    named = given if isinstance(given, list) else [given]
    mapped = (provider.role_map.get(one) for one in named if isinstance(one, str))
    return Principal(
        subject=f"{provider.name}:{subject}",
        client_id=f"{provider.name}:{client}",
        roles=frozenset(role for role in mapped if role is not None),
        unit=read_unit(find(claims, provider.unit_claim)),
    )


def is_person(principal: Principal) -> bool:
    """Whether somebody came in through a provider: no registered client has a colon in its id."""
    return ":" in principal.client_id


def find(claims: dict[str, Any], claim: str) -> Any:
    """The claim of this name, or the one its dots lead to."""
    if claim in claims:
        return claims[claim]
    found: Any = claims
    for name in claim.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return found


def read_unit(claim: Any) -> str | None:
    """The unit's code; none where there is none. Providers write one value as a list, too.

    Raises:
        Unauthenticated: several, or what cannot be a code. Acting for none instead of the one that
            was meant would show other people's objects as nobody's.
    """
    values = claim if isinstance(claim, list) else [claim]
    values = [one for one in values if one not in (None, "")]
    if not values:
        return None
    unit = values[0]
    if len(values) > 1 or not (isinstance(unit, str) and len(unit) <= 64 and _CODE.fullmatch(unit)):
        raise Unauthenticated
    return unit


def is_proper(claim: Any) -> bool:
    """A name that can be kept and shown (OpenID Connect Core section 2: at most 255)."""
    return is_name(claim) and len(claim) <= _LONGEST and claim.isprintable()
