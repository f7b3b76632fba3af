"""Public notice -> contract event."""

from contracts.funding import PublicNoticePublished

from funding.notices.models import PublicNotice


def notice_published(row: PublicNotice) -> PublicNoticePublished:
    return PublicNoticePublished(
        notice_id=row.id,
        call_id=row.call_id,
        published_on=row.published_on,
        ends_on=row.ends_on,
        selected=sum(each["outcome"] == "selected" for each in row.entries),
        digest=row.digest,
    )
