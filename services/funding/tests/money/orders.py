"""What the model says of steps in an order, and what the service answered, in the same words."""

from services.funding.tests.money.books import Books
from services.funding.tests.money.refusals import Refused
from services.funding.tests.money.service import Answer
from services.funding.tests.money.steps import Step


def told(answer: Answer) -> str:
    return "done" if answer.ok else f"{answer.status} {answer.code}"


def outcome(books: Books, step: Step) -> tuple[Books, str]:
    """The books after a step and what is answered; the same books where it is refused."""
    after = books.copy()
    try:
        step.apply(after)
    except Refused as refusal:
        return books, str(refusal)
    return after, "done"


def in_order(books: Books, *steps: Step) -> tuple[Books, list[str]]:
    """The books after steps that follow each other, and what is answered to each."""
    answers: list[str] = []
    for step in steps:
        books, answer = outcome(books, step)
        answers.append(answer)
    return books, answers
