"""Version 2 of the platform tables: stored files and jobs, for the services that take files."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

TABLES = ["stored_file", "stored_file_piece", "job", "job_error"]


def upgrade(app_role: str) -> None:
    """Create all of them; what is stored under a hash cannot be changed by `app_role`."""
    create_stored_file()
    create_job()
    create_job_error()
    op.execute(f"REVOKE UPDATE, TRUNCATE ON stored_file_piece FROM {app_role}")


def downgrade() -> None:
    """Drop all of them."""
    for table in reversed(TABLES):
        op.drop_table(table)


def moment(name: str, *, required: bool = True) -> sa.Column[object]:
    kind = sa.DateTime(timezone=True)
    if required:
        return sa.Column(name, kind, server_default=sa.text("now()"), nullable=False)
    return sa.Column(name, kind, nullable=True)


def create_stored_file() -> None:
    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        moment("stored_at"),
        sa.CheckConstraint("sha256 ~ '^[0-9a-f]{64}$'", name=op.f("ck_stored_file_sha256")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_stored_file")),
        comment="Files by their content. What refers to one has a foreign key here.",
    )
    op.create_index("ix_stored_file_stored_at", "stored_file", ["stored_at"], unique=False)
    op.create_table(
        "stored_file_piece",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["sha256"],
            ["stored_file.sha256"],
            name=op.f("fk_stored_file_piece_sha256"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("sha256", "number", name=op.f("pk_stored_file_piece")),
        comment="The content of a file, in pieces that are read and written one at a time.",
    )
    # Pictures, PDFs and workbooks are compressed already.
    op.execute("ALTER TABLE stored_file_piece ALTER COLUMN content SET STORAGE EXTERNAL")


def create_job() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("client_id", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("roles", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("scopes", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("correlation_id", sa.Text(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("input_sha256", sa.Text(), nullable=True),
        sa.Column("input_name", sa.Text(), nullable=True),
        sa.Column("result_sha256", sa.Text(), nullable=True),
        sa.Column("result_name", sa.Text(), nullable=True),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("done", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("refused", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("errors", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("failure", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column(
            "cancel_requested", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        moment("lease_until", required=False),
        moment("created_at"),
        moment("started_at", required=False),
        moment("finished_at", required=False),
        moment("updated_at"),
        sa.CheckConstraint(
            "state IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')",
            name=op.f("ck_job_state"),
        ),
        sa.ForeignKeyConstraint(
            ["input_sha256"], ["stored_file.sha256"], name=op.f("fk_job_input_sha256")
        ),
        sa.ForeignKeyConstraint(
            ["result_sha256"], ["stored_file.sha256"], name=op.f("fk_job_result_sha256")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        comment="Work that was asked for and takes longer than a request, with what became of it.",
        postgresql_with={"fillfactor": 70},
    )
    op.create_index(
        "ix_job_open",
        "job",
        ["created_at"],
        unique=False,
        postgresql_where=sa.text("state IN ('queued', 'running')"),
    )
    op.create_index("ix_job_created_at_id", "job", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_job_input_sha256"), "job", ["input_sha256"], unique=False)
    op.create_index(op.f("ix_job_result_sha256"), "job", ["result_sha256"], unique=False)


def create_job_error() -> None:
    op.create_table(
        "job_error",
        sa.Column("job_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("head", sa.Text(), nullable=True),
        sa.Column("cell", sa.Text(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message_zh", sa.Text(), nullable=False),
        sa.Column("message_en", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["job_id"], ["job.id"], name=op.f("fk_job_error_job_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", "number", name=op.f("pk_job_error")),
        comment="Every wrong place in a job's file.",
    )
