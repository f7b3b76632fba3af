"""Call -> contract events."""

from contracts.funding import FundingCallCancelled, FundingCallClosed, FundingCallOpened

from funding.calls.models import FundingCall


def call_opened(row: FundingCall) -> FundingCallOpened:
    return FundingCallOpened(
        call_id=row.id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        title=row.title,
        document_no=row.document_no,
        opens_on=row.opens_on,
        closes_on=row.closes_on,
    )


def call_closed(row: FundingCall) -> FundingCallClosed:
    return FundingCallClosed(
        call_id=row.id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        title=row.title,
        applications=row.last_number,
    )


def call_cancelled(row: FundingCall) -> FundingCallCancelled:
    assert row.cancel_reason is not None, "it is cancelled for one"
    return FundingCallCancelled(
        call_id=row.id,
        fund_code=row.fund_code,
        fiscal_year=row.fiscal_year,
        title=row.title,
        reason=row.cancel_reason,
    )
