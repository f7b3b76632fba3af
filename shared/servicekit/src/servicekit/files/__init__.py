"""Files that belong to a service's data: kept in its database, known by their SHA-256.

A subject attaches a file in three places. Its table refers to it, and names it as people see it::

    file_sha256: Mapped[str] = mapped_column(ForeignKey("stored_file.sha256"), index=True)
    file_name: Mapped[str]

its `routes.py` takes it (what it may be and how large is said once, here)::

    @router.post("/inspections/{inspection_id}/photos", status_code=201, response_model=PhotoRead)
    async def add_photo(
        inspection_id: UUID,
        session: SessionDep,
        principal: Principal = permitted(ADD_PHOTO),
        upload: Upload = uploaded(PNG, JPEG, limit=10 * MIB),
    ) -> Any: ...

    # in the use case, beside the subject's own row:
    row = Photo(file_sha256=await files.keep(session, upload), file_name=upload.name)

and gives it back::

    @router.get("/photos/{photo_id}/content", response_class=Response, responses=gives(PNG, JPEG))
    async def get_photo_content(...) -> Response:
        return await attachment(session, photo.file_sha256, photo.file_name)

A file that no foreign key refers to any more goes by itself, a day after it was last stored.
"""
