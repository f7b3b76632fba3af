"""The parks with their grades, and the enterprises with what they are recognised as."""

from typing import Any

from servicekit.ids import new_id
from servicekit.testing.authorisation.declared import Resource, Row

from services.parks.tests.matrix.base import Base

GRADE = {"grade": "municipal", "obtained_on": "2026-01-31", "document_no": "新科〔2026〕1号"}
REVIEW = {"outcome": "renewed", "reviewed_on": "2026-02-28", "document_no": "1号"}
REVIEW |= {"valid_to": "2099-12-31"}
CRITERION = {"park_kind": "private_st_park", "grade": "provincial", "measure": "enterprises"}
CRITERION |= {"threshold": "1", "unit": "家", "name_zh": "企业", "name_en": "enterprise"}
PLACE = {"point": {"type": "Point", "coordinates": [113.86, 34.53]}}
MOVE = {"valid_from": "2026-02-01", "above_scale": True}


class Register(Base):
    """Parks, grades, criteria, enterprises, standings and recognitions."""

    async def a_location(self, _: str = "", unit: str | None = None) -> Row:
        park = await self.a_park(unit=unit)
        row = await self.put(f"/parks/{park['code']}/location", PLACE)
        return row | {"code": park["code"]}

    async def a_grade(self, _: str, unit: str | None) -> Row:
        park = await self.a_park(unit=unit)
        return await self.made(f"/parks/{park['code']}/grades", GRADE) | {"code": park["code"]}

    async def a_review(self, _: str, unit: str | None) -> Row:
        grade = await self.a_grade("", unit)
        row = await self.made(f"/parks/{grade['code']}/grades/{grade['id']}/reviews", REVIEW)
        return row | {"code": grade["code"], "grade_id": grade["id"]}

    async def a_criterion(self, _: str = "", unit: str | None = None) -> Row:
        return await self.put(f"/grade-criteria/c-{new_id()}", CRITERION)

    def parks(self) -> list[Resource]:
        return [
            Resource("/parks", one="/parks/{code}", make=self.a_park, bodies={"grades": GRADE}),
            Resource("/parks/{code}/location", one="/parks/{code}/location", make=self.a_location),
            Resource(
                "/parks/{code}/grades",
                one="/parks/{code}/grades/{grade_id}",
                make=self.a_grade,
                bodies={"grades": GRADE, "reviews": REVIEW},
            ),
            Resource(
                "/parks/{code}/grades/{grade_id}/reviews",
                one="/parks/{code}/grades/{grade_id}/reviews/{review_id}",
                make=self.a_review,
                bodies={"reviews": REVIEW},
            ),
            Resource("/grade-criteria", one="/grade-criteria/{code}", make=self.a_criterion),
        ]

    async def enterprise_body(self, unit: str) -> Row:
        park = await self.a_park(unit=unit)
        name = f"某公司{new_id()}"
        return {"uscc": self.fresh_uscc(), "name": name, "park_code": park["code"]}

    async def a_standing(self, _: str, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        row = await self.made(f"/enterprises/{enterprise['id']}/standings", MOVE)
        return row | {"enterprise_id": enterprise["id"]}

    async def recognition_body(self, unit: str | None) -> Row:
        enterprise = await self.an_enterprise(unit=unit)
        return {
            "enterprise_id": enterprise["id"],
            "kind": "high_tech",
            "number": f"GR{new_id()}",
            "authority": "河南省科学技术厅",
            "valid_from": "2026-01-01",
            "valid_to": "2028-12-31",
        }

    async def a_recognition(self, state: str, unit: str | None) -> Row:
        row = await self.made("/recognitions", await self.recognition_body(unit))
        await self.rows("UPDATE recognition SET status = $2 WHERE id = $1", row["id"], state)
        return row | {"status": state}

    async def an_industry(self, *_: Any) -> Row:
        return {"code": "A"}

    def enterprises(self, stays: Row) -> list[Resource]:
        """`stays` is the one that others are merged into."""
        return [
            Resource(
                "/enterprises",
                one="/enterprises/{enterprise_id}",
                make=self.an_enterprise,
                ways={"its park's": self.of_an_administration, "its town's": self.of_a_town},
                unitless=True,
                create=self.enterprise_body,
                bodies={"standings": MOVE, "merge": {"into_id": stays["id"], "reason": "重复"}},
            ),
            Resource(
                "/enterprises/{enterprise_id}/standings/{standing_id}",
                one="/enterprises/{enterprise_id}/standings/{standing_id}",
                make=self.a_standing,
            ),
            Resource(
                "/recognitions",
                one="/recognitions/{recognition_id}",
                make=self.a_recognition,
                unitless=True,
                create=self.recognition_body,
            ),
            Resource("/industries", one="/industries/{code}", make=self.an_industry),
        ]
