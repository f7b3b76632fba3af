"""The calendar of workdays: statutory holidays and 调休."""
