"""What a caller may see, by the rules of the merged document."""

from dataclasses import dataclass, field

from servicekit.auth.principal import Principal
from servicekit.db import Session

from gateway.document.service import Documents
from gateway.visibility import repository
from gateway.visibility.domain import Rules, RulesUnknown, Sight, allowed_to, read_rules


@dataclass(slots=True)
class Visibility:
    """The rules in memory, read again when the document has changed."""

    documents: Documents
    _etag: str = ""
    _rules: Rules = field(default_factory=dict)

    async def rules(self) -> Rules:
        """Every service's permissions.

        Raises:
            RulesUnknown: a service has not told them yet. Nothing is shown until then, because
                what is left out of a stream or a page would never be seen again.
            DocumentClash: the services' documents contradict each other.
        """
        published = await self.documents.current()
        if published.missing:
            raise RulesUnknown
        if published.etag != self._etag:
            self._rules = read_rules(published.permissions)
            self._etag = published.etag
        return self._rules

    async def sight(self, session: Session, principal: Principal) -> Sight:
        """What this caller sees now.

        Raises:
            RulesUnknown: see `rules`.
        """
        allowed = allowed_to(principal, await self.rules())
        if principal.unit is None:
            return Sight(allowed)
        below, above = await repository.around(session, principal.unit)
        return Sight(allowed, principal.unit, below, above)
