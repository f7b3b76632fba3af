"""What a list of clients to be seeded looks like."""

from pydantic import Field
from servicekit.auth.principal import Role
from servicekit.types import ApiModel, Code, Text


class ClientSeed(ApiModel):
    """A client with the secret it is to have."""

    client_id: Code
    client_secret: str = Field(min_length=1, max_length=512)
    name: Text | None = None
    roles: list[Role]
    unit: Code | None = None
    scopes: list[Text] = Field(default_factory=list)
