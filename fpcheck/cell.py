"""A cell's text made ready for reading: folded, without blanks, intervals and a unit before its figure made plain.

No function raises for any `str`.
"""

import re
import unicodedata

from fpcheck import numeral
from fpcheck.unit import is_unit

_IS = re.compile(r"^\s*为(?=\s*\d)")
_KEYED = re.compile("%[oO](?![0-9A-Za-z])")  # ‰ as a keyboard has it
_UNSEEN = re.compile("[\u00ad\u180e\u200b-\u200f\u2060-\u2064\ufeff]")
_PARTED = re.compile(r"((?<=[\d,])|(?<=\d)[A-Za-zμ²³°/]{1,6})\s+(?=\d)")  # 12 34个, 5GB 3GHz
# 8个(3,5) is a remark; a round bracket opens an interval at the beginning or behind a word that leads to it.
_INTERVAL = re.compile(
    r"(?:(?<![\w%‰)])[\[【]|(?<![^:;在于为是≥≤<>=])\()(-?\d[\d.,%‰-]{0,40})[\])】]",
    re.ASCII,
)
_BOUNDS = re.compile(r"(-?\d{1,12}(?:\.\d{1,6})?[%‰]?),(-?\d{1,12}(?:\.\d{1,6})?[%‰]?)", re.ASCII)
_UNIT_FIRST = re.compile(r"([百千]?[万亿]?元):?(\d[\d,.]*)", re.ASCII)  # 万元100


def plain_cell(text: str) -> str:
    """A cell's text normalised, without blanks; a blank or control character inside a figure parts it in two."""
    plain = numeral.normalise(_UNSEEN.sub("", text))
    plain = numeral.GROUPED.sub(lambda m: m[0].replace(" ", ""), _KEYED.sub("‰", _IS.sub("=", plain)))
    parted = _PARTED.sub(lambda m: f"{m[1]};" if not m[1] or is_unit(m[1]) else m[0], plain)
    whole = "".join(";" if unicodedata.category(char) == "Cc" else char for char in re.sub(r"\s+", "", parted))
    first = _UNIT_FIRST.fullmatch(whole)
    return first[2] + first[1] if first else _INTERVAL.sub(_interval, whole)


def _interval(match: re.Match[str]) -> str:
    """[50,100] as 50~100; a comma in brackets never parts thousands, so of other figures none is read as one."""
    inner = match[1]
    bounds = _BOUNDS.fullmatch(inner)
    return f"{bounds[1]}~{bounds[2]}" if bounds else match[0].replace(",", ";")
