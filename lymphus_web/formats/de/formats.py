"""German: a decimal point, as in every table, export and figure beside it, and as in the coordinates of an SVG."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = "\u202f"
DATE_FORMAT = "j. F Y"
SHORT_DATE_FORMAT = "j. N Y"
SHORT_DATETIME_FORMAT = "j. N Y, H:i"
MONTH_DAY_FORMAT = "j. F"
