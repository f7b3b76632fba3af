"""Whether an applicant meets the rules of a call, rule by rule, with what was looked at."""
