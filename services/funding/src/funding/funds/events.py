"""Fund -> contract event."""

from contracts.funding import FundChanged

from funding.funds.models import Fund


def fund_changed(row: Fund) -> FundChanged:
    return FundChanged(fund_code=row.code, name=row.name_zh, name_en=row.name_en, kind=row.kind)
