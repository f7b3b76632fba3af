"""What a year's notice has to be."""

from servicekit.problems import Unprocessable


class DayOutsideYear(Unprocessable):
    code = "day_outside_year"
    zh = "日期 {day} 不在 {year} 年内"
    en = "{day} is not a day of {year}"


class DayTwice(Unprocessable):
    code = "day_twice"
    zh = "日期 {day} 重复"
    en = "{day} stands in the list twice"
