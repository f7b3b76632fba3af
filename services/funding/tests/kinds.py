"""Short ways to every kind of support, for the tests."""

import itertools
from typing import Any

GRADES: dict[str, list[dict[str, str]]] = {
    "patent_subsidy": [
        {"grade": "invention", "amount": "8000.00"},
        {"grade": "utility_model", "amount": "1000.00"},
        {"grade": "design", "amount": "500.00"},
    ],
    "interest_subsidy": [{"grade": "loan", "share": "50", "cap": "200000.00"}],
    "innovation_award": [
        {"grade": "first", "amount": "50000.00"},
        {"grade": "second", "amount": "20000.00"},
    ],
    "platform_grant": [{"grade": "key-laboratory", "share": "40", "cap": "500000.00"}],
}
PATHS = {
    "patent_subsidy": "/patent-subsidies",
    "interest_subsidy": "/interest-subsidies",
    "innovation_award": "/innovation-awards",
    "platform_grant": "/platform-grants",
}
LINE = "kinds-of-support"


def patent_number(serial: int, kind: str = "1", year: int = 2020) -> str:
    """A number with its check character, by the weights as the standard writes them out."""
    digits = f"{year}{kind}{serial:07}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return f"ZL{digits}.{'X' if total % 11 == 10 else total % 11}"


def identity(serial: int, born: str = "19900101") -> str:
    """An identity number with its check character, by the weights of GB 11643."""
    digits = f"410184{born}{serial:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True))
    return digits + "10X98765432"[total % 11]


class Kinds:
    """Files one of each kind, on a line of its own with plenty of money."""

    def __init__(self, house: Any) -> None:
        self.house = house
        self.serial = itertools.count(1)
        self.budget: dict[str, Any] = {}

    async def prepare(self, amount: str = "90000000.00") -> None:
        """The line, and the rates of 2026."""
        self.budget = await self.house.appropriated(amount, line=LINE)
        for kind, grades in GRADES.items():
            for grade in grades:
                await self.rate(kind, **grade)

    async def rate(self, kind: str, **terms: Any) -> Any:
        body = {"kind": kind, "fiscal_year": 2026, "fund_code": "transfer-fund", "line": LINE}
        code = f"{kind}-{terms['grade']}".replace("_", "-")
        answer = await self.house.put("office", f"/support-rates/{code}", body | terms)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def body(self, kind: str, unit: str = "maizier-sugar", **changes: Any) -> dict[str, Any]:
        """A body not used before."""
        n = next(self.serial)
        own: dict[str, dict[str, Any]] = {
            "patent_subsidy": {"patent_number": patent_number(n), "title": "一种提取方法"},
            "interest_subsidy": {
                "lender": "中国银行新郑支行",
                "loan_contract": f"2026年郑中银借字第{n}号",
                "principal": "10000.00",
                "annual_rate": "4.35",
                "starts_on": "2026-01-01",
                "ends_on": "2026-07-01",
            },
            "innovation_award": {
                "grade": "first",
                "achievement": "达到国内领先水平",
                "nominee": {
                    "kind": "person",
                    "name": "张三丰",
                    "id_number": identity(n % 1000, f"{1950 + n // 1000}0101"),
                    "phone": "13812345678",
                    "bank_account": "6222020200011223344",
                },
            },
            "platform_grant": {
                "grade": "key-laboratory",
                "title": f"重点实验室 {n}",
                "cost": "1000.00",
                "own_funds": "700.00",
            },
        }
        shared = {"payee_unit": unit, "fiscal_year": 2026, "reason": "符合办法第五条"}
        return {**shared, **own[kind], **changes}

    async def filed(self, kind: str, unit: str = "maizier-sugar", **changes: Any) -> Any:
        body = self.body(kind, unit, **changes)
        answer = await self.house.post("enterprise", PATHS[kind], body, unit=unit)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def decide(self, kind: str, row: Any, step: str = "approve", **options: Any) -> Any:
        role = options.pop("role", "enterprise" if step == "withdraw" else "office")
        if role == "enterprise":
            options.setdefault("unit", row["payee_unit"])
        body = None if step == "approve" else {"refusal": "r"}
        etag = options.pop("etag", f'"{row["version"]}"')
        path = f"{PATHS[kind]}/{row['id']}/{step}"
        return await self.house.post(role, path, body, etag=etag, **options)

    async def approved(self, kind: str, unit: str = "maizier-sugar", **changes: Any) -> Any:
        answer = await self.decide(kind, await self.filed(kind, unit, **changes))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def award_of(self, row: Any) -> Any:
        return (await self.house.get("office", f"/awards/{row['award_id']}")).json()
