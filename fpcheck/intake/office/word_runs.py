"""The paragraphs of a Word file as its XML is read: what is seen of runs, fields, check boxes and content controls."""

from collections.abc import Callable
from dataclasses import dataclass, field

from fpcheck.intake.office.word_text import TICKED, UNTICKED, Paragraph, plain, symbol

MOST_PROMPT = 100  # characters kept
Attributes = dict[str, str]


def value(attributes: Attributes, name: str = "val") -> str | None:
    """Give an attribute by its local name."""
    return next((text for key, text in attributes.items() if key.rpartition(" ")[2] == name), None)


def _on(attributes: Attributes) -> bool:
    return value(attributes) not in ("0", "false", "off")


@dataclass
class _Control:
    """A content control: one with a box is read as that box, one that still shows its prompt as empty."""

    box: bool | None = None
    drawn: bool = False
    prompting: bool = False
    prompt: str = ""


@dataclass
class Runs:
    """The paragraphs that are open, one within another where there are text boxes; `done` takes each text in the end.

    `prompts` counts the content controls that nobody filled in, `prompt` is what the first of them shows; `hidden` is
    text that is not shown.
    """

    done: Callable[[str], None]
    prompts: int = 0
    prompt: str = ""
    hidden: str = ""
    _open: list[Paragraph] = field(default_factory=list)
    _controls: list[_Control] = field(default_factory=list)

    def starts(self) -> dict[str, Callable[[Attributes], None]]:
        """What to do where an element begins."""
        return {
            "p": self._paragraph,
            "r": self._run,
            "rFonts": self._font,
            "vanish": self._vanish,
            "sym": self._symbol,
            "fldChar": self._field,
            "checkBox": self._box,
            "checked": self._tick,
            "default": self._default,
            "sdt": self._control,
            "checkbox": self._control_box,
            "showingPlcHdr": self._prompting,
            "tab": self._writes("\t"),
            "ptab": self._writes("\t"),
            "br": self._writes("\n"),
            "cr": self._writes("\n"),
            "noBreakHyphen": self._writes("-"),
            "den": lambda _: self._text("/"),
        }

    def ends(self) -> dict[str, Callable[[], None]]:
        """What to do where an element ends."""
        return {"p": self._end_paragraph, "r": self._end_run, "checkBox": self._end_box, "sdt": self._end_control}

    def texts(self) -> dict[str, Callable[[str], None]]:
        """What to do with the text of an element."""
        return {"t": self._text, "instrText": self._instruct}

    def _paragraph(self, _: Attributes) -> None:
        self._open.append(Paragraph())

    def _end_paragraph(self) -> None:
        if self._open:
            self.done(self._open.pop().text)

    def _run(self, _: Attributes) -> None:
        if self._open:
            self._open[-1].begin_run()

    def _end_run(self) -> None:
        if self._open:
            self._open[-1].in_run = False

    def _font(self, attributes: Attributes) -> None:
        if self._open and self._open[-1].in_run:
            self._open[-1].font = value(attributes, "ascii") or value(attributes, "hAnsi") or ""

    def _vanish(self, attributes: Attributes) -> None:
        if self._open and self._open[-1].in_run:
            self._open[-1].hidden = _on(attributes)

    def _symbol(self, attributes: Attributes) -> None:
        code = value(attributes, "char") or ""
        try:
            self._text(symbol(value(attributes, "font") or "", int(code, 16)))
        except (ValueError, OverflowError):
            self._text(symbol("", 0))

    def _writes(self, text: str) -> Callable[[Attributes], None]:
        """Give the handler of an element that stands for a character, where it stands in a run."""

        def handle(_: Attributes) -> None:
            if self._open and self._open[-1].in_run:
                self._text(text)

        return handle

    def _text(self, text: str) -> None:
        if not self._open:
            return
        paragraph = self._open[-1]
        if any(control.prompting for control in self._controls):
            self._controls[-1].prompt = (self._controls[-1].prompt + text)[:MOST_PROMPT]
        elif paragraph.in_run and paragraph.hidden:
            self.hidden = self.hidden or text.strip()
        elif self._controls and self._controls[-1].box is not None:
            if not self._controls[-1].drawn:
                paragraph.add(TICKED if self._controls[-1].box else UNTICKED)
            self._controls[-1].drawn = True
        else:
            paragraph.add(plain(text, paragraph.font))

    def _instruct(self, text: str) -> None:
        if self._open:
            self._open[-1].instruct(text)

    def _field(self, attributes: Attributes) -> None:
        if self._open:
            self._open[-1].change_field(value(attributes, "fldCharType") or "")

    def _box(self, _: Attributes) -> None:
        if self._open:
            self._open[-1].box = False

    def _default(self, attributes: Attributes) -> None:
        if self._open and self._open[-1].box is not None:
            self._open[-1].box = _on(attributes)

    def _tick(self, attributes: Attributes) -> None:
        if self._open and self._open[-1].box is not None:
            self._open[-1].box = _on(attributes)
        elif self._controls and self._controls[-1].box is not None:
            self._controls[-1].box = _on(attributes)

    def _end_box(self) -> None:
        if self._open and self._open[-1].box is not None:
            self._open[-1].draw_box()

    def _control(self, _: Attributes) -> None:
        self._controls.append(_Control())

    def _control_box(self, _: Attributes) -> None:
        if self._controls:
            self._controls[-1].box = False

    def _prompting(self, attributes: Attributes) -> None:
        if self._controls:
            self._controls[-1].prompting = _on(attributes)

    def _end_control(self) -> None:
        if self._controls and (prompt := self._controls.pop().prompt.strip()):
            self.prompts += 1
            self.prompt = self.prompt or prompt
