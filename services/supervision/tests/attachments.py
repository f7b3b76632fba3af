"""Files that are attached to what supervision keeps."""

import uuid
from typing import Any

import httpx

PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


async def attach(
    caller: Any, path: str, content: bytes, name: str = "计划.pdf", kind: str = "application/pdf"
) -> httpx.Response:
    """Attach a file to the object at this path."""
    headers = {"Content-Type": kind, "Idempotency-Key": str(uuid.uuid4())}
    url = f"/api/v1{path}/files?filename={name}"
    return await caller.client.post(url, content=content, headers=headers)
