"""The looks of the list of problems and the fills of marked cells."""

from fpcheck.report.form_copy.marks import colour_of
from fpcheck.report.form_copy.styles import Styles

_FONT = '<{{0}}font>{bold}{line}<{{0}}sz val="{size}"/>{colour}<{{0}}name val="宋体"/><{{0}}family val="3"/>\
<{{0}}charset val="134"/></{{0}}font>'
_SIDE = '<{{0}}{0} style="thin"><{{0}}color rgb="FFBFBFBF"/></{{0}}{0}>'
_BORDER = "<{0}border>" + "".join(_SIDE.format(side) for side in ("left", "right", "top", "bottom"))
_BORDER += "<{0}diagonal/></{0}border>"
_FORMAT = '<{{0}}xf numFmtId="0" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyFont="1"\
 applyFill="1" applyBorder="1" applyAlignment="1"{quote}><{{0}}alignment horizontal="{across}" vertical="{down}"\
 wrapText="1"/></{{0}}xf>'
_HEADER_COLOUR = "D9E1F2"
_RUNS_AS_FORMULA = ("=", "+", "-", "@", "\t")


def fill(colour: str) -> str:
    """A plain fill."""
    return (
        f'<{{0}}fill><{{0}}patternFill patternType="solid"><{{0}}fgColor rgb="FF{colour}"/>'
        '<{0}bgColor indexed="64"/></{0}patternFill></{0}fill>'
    )


class Looks:
    """The numbers of the list's cell formats; each is made when it is first asked for."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles

    def title(self) -> int:
        """The list's title."""
        return self._format(size=16, bold=True, across="center")

    def head(self) -> int:
        """What stands above the list."""
        return self._format(size=10, down="center")

    def header(self) -> int:
        """The names of the columns."""
        return self._format(size=10, bold=True, colour=_HEADER_COLOUR, across="center", down="center", border=True)

    def level(self, level: str) -> int:
        """A severity, in its colour."""
        return self._format(size=10, bold=True, colour=colour_of(level), across="center", border=True)

    def number(self) -> int:
        """A serial number."""
        return self._format(size=10, across="center", border=True)

    def text(self, text: str) -> int:
        """A text; one that would be run as a formula when it is entered anew is kept a text."""
        return self._format(size=10, border=True, quote=text.startswith(_RUNS_AS_FORMULA))

    def link(self) -> int:
        """A place to go to."""
        return self._format(size=10, border=True, link=True)

    def _format(
        self,
        *,
        size: int,
        bold: bool = False,
        colour: str = "",
        across: str = "left",
        down: str = "top",
        border: bool = False,
        quote: bool = False,
        link: bool = False,
    ) -> int:
        font = _FONT.format(
            bold="<{0}b/>" if bold else "",
            line="<{0}u/>" if link else "",
            size=size,
            colour='<{0}color rgb="FF0563C1"/>' if link else "",
        )
        return self._styles.format(
            _FORMAT.format(
                font=self._styles.font(font),
                fill=self._styles.fill(fill(colour)) if colour else 0,
                border=self._styles.border(_BORDER) if border else 0,
                quote=' quotePrefix="1"' if quote else "",
                across=across,
                down=down,
            )
        )
