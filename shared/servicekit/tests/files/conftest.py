"""A service of photos, to try the keeping of files without any business in it."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI, Response
from pydantic import Field
from servicekit.auth.permissions import ANY, Permission
from servicekit.auth.principal import Principal, Role
from servicekit.db import make_metadata, sqlalchemy_url
from servicekit.files import store
from servicekit.files.download import attachment, gives
from servicekit.files.kinds import CSV, DOCX, JPEG, PDF, PNG, XLSX
from servicekit.files.upload import MIB, Upload, uploaded
from servicekit.http.app import create_app, router
from servicekit.http.route import SessionDep, permitted
from servicekit.ids import new_id
from servicekit.problems import Conflict, NotFound
from servicekit.settings import Settings
from servicekit.tables import job_tables, platform_tables
from servicekit.testing.databases import ServiceDatabase
from servicekit.types import ApiModel
from sqlalchemy import ForeignKey, Text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

LIMIT = 3 * MIB
"""More than the 1 MiB of any other body."""


class Base(DeclarativeBase):
    metadata = make_metadata()


platform_tables(Base.metadata)
job_tables(Base.metadata)


class Photo(Base):
    __tablename__ = "photo"
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str] = mapped_column(Text)


class PhotoRead(ApiModel):
    id: UUID
    file_name: str = Field(examples=["现场.png"])
    media_type: str = Field(examples=["image/png"])
    sha256: str = Field(examples=["0" * 64])


WRITE = Permission("photos.write", {Role.OFFICE: ANY})
photos = router("photos")


@photos.post("/photos", status_code=201, response_model=PhotoRead)
async def add_photo(
    session: SessionDep,
    principal: Principal = permitted(WRITE),
    upload: Upload = uploaded(PNG, JPEG, PDF, DOCX, XLSX, CSV, limit=LIMIT),
) -> Any:
    sha256 = await store.keep(session, upload)
    if upload.name.startswith("refused"):
        raise Conflict
    photo = Photo(file_sha256=sha256, file_name=upload.name)
    session.add(photo)
    await session.flush()
    return {
        "id": photo.id,
        "file_name": photo.file_name,
        "media_type": upload.media_type,
        "sha256": sha256,
    }


@photos.get("/photos/{photo_id}/content", response_class=Response, responses=gives(PNG, JPEG))
async def get_photo_content(
    photo_id: UUID, session: SessionDep, principal: Principal = permitted(WRITE)
) -> Response:
    photo = await session.get(Photo, photo_id)
    if photo is None:
        raise NotFound(what="photo")
    return await attachment(session, photo.file_sha256, photo.file_name)


@pytest.fixture(scope="module")
def database(empty_database: Callable[..., ServiceDatabase]) -> ServiceDatabase:
    database = empty_database("scratch")

    async def make_tables() -> None:
        engine = create_async_engine(sqlalchemy_url(database.migrator_url))
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()

    asyncio.run(make_tables())
    return database


@pytest.fixture(scope="module")
def build(database: ServiceDatabase, tokens: Any) -> Callable[[], FastAPI]:
    settings = Settings(
        service="scratch",
        database_url=database.app_url,
        jwks=tokens.jwks,
        issuer=tokens.issuer,
    )
    return lambda: create_app(settings, title="photos", description="Photos.", routers=[photos])


@pytest.fixture(scope="module")
def app(build: Callable[[], FastAPI]) -> FastAPI:
    return build()
