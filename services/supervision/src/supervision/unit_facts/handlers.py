"""What supervision hears of targets, funding and parks, kept for reports and agendas.

The numbers of indicators are among the figures."""

from contracts.funding import AwardGranted, DisbursementHeld, DisbursementSucceeded
from contracts.parks import OperatingReturnAccepted, RecognitionGranted
from contracts.targets import (
    KeyTaskMilestoneReached,
    KeyTaskOverdue,
    ProgressReportOverdue,
    ProgressReportSubmitted,
    ProgressReportVerified,
)
from servicekit.db import Session
from servicekit.messaging.subscriptions import Received, Subscription

from supervision.unit_facts import service
from supervision.unit_facts.domain import Fact, FactKind

YUAN = "元"


async def on_report_overdue(session: Session, event: Received[ProgressReportOverdue]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.REPORT_OVERDUE, it.series, (it.unit_code,), event.time,
            name=it.indicator_code, period=it.period,
        ),
    )  # fmt: skip


async def on_report_submitted(session: Session, event: Received[ProgressReportSubmitted]) -> None:
    """It came after all."""
    it = event.data
    series = f"{it.indicator_code}/{it.unit_code}/{it.period}"
    await service.forget(session, FactKind.REPORT_OVERDUE, series)


async def on_report_verified(session: Session, event: Received[ProgressReportVerified]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.REPORT_VERIFIED, str(it.report_id), (it.unit_code,), event.time,
            name=it.indicator_code, period=it.period, value=it.value,
        ),
    )  # fmt: skip


async def on_milestone(session: Session, event: Received[KeyTaskMilestoneReached]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.MILESTONE, f"{it.key_task}/{it.milestone}", (it.responsible_unit,),
            event.time, name=it.name,
        ),
    )  # fmt: skip
    await service.forget(session, FactKind.TASK_OVERDUE, f"{it.key_task}/{it.milestone}")


async def on_task_overdue(session: Session, event: Received[KeyTaskOverdue]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.TASK_OVERDUE, f"{it.key_task}/{it.milestone}", (it.responsible_unit,),
            event.time, name=it.name,
        ),
    )  # fmt: skip


async def on_return_accepted(session: Session, event: Received[OperatingReturnAccepted]) -> None:
    """The sales revenue of an enterprise; it counts for the units of its park as well."""
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.OPERATING_RETURN, str(it.return_id), it.concerned_units, event.time,
            name=it.uscc, period=it.period, value=it.measures.get("sales_revenue"), measure="万元",
        ),
    )  # fmt: skip


async def on_recognition(session: Session, event: Received[RecognitionGranted]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.RECOGNITION, str(it.recognition_id), it.concerned_units, event.time,
            name=f"{it.uscc} {it.kind} {it.number}",
        ),
    )  # fmt: skip


async def on_award(session: Session, event: Received[AwardGranted]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.AWARD, str(it.award_id), (it.payee_unit,), event.time,
            name=it.title, value=it.amount, measure=YUAN,
        ),
    )  # fmt: skip


async def on_payment(session: Session, event: Received[DisbursementSucceeded]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.PAYMENT, str(it.disbursement_id), (it.payee_unit,), event.time,
            value=it.amount, measure=YUAN,
        ),
    )  # fmt: skip
    await service.forget(session, FactKind.PAYMENT_HELD, str(it.disbursement_id))


async def on_payment_held(session: Session, event: Received[DisbursementHeld]) -> None:
    it = event.data
    await service.note(
        session,
        Fact(
            FactKind.PAYMENT_HELD, str(it.disbursement_id), (it.payee_unit,), event.time,
            value=it.amount, measure=YUAN,
        ),
    )  # fmt: skip


SUBSCRIPTIONS = [
    Subscription(ProgressReportOverdue, on_report_overdue),
    Subscription(ProgressReportSubmitted, on_report_submitted),
    Subscription(ProgressReportVerified, on_report_verified),
    Subscription(KeyTaskMilestoneReached, on_milestone),
    Subscription(KeyTaskOverdue, on_task_overdue),
    Subscription(OperatingReturnAccepted, on_return_accepted),
    Subscription(RecognitionGranted, on_recognition),
    Subscription(AwardGranted, on_award),
    Subscription(DisbursementSucceeded, on_payment),
    Subscription(DisbursementHeld, on_payment_held),
]
