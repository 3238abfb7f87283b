"""A parameter's value in force, told with the region, document and day that set it."""

from dataclasses import dataclass

from fpcheck.engine.figures import figure
from fpcheck.finding import Figure
from fpcheck.rulebook.compiled import Rulebook, Value


@dataclass(frozen=True, slots=True)
class Threshold:
    """A parameter's value; `region` is the layer that set it, `since` the day from which it holds."""

    name: str
    value: Figure
    region: str
    force: str
    since: str
    template: str | None
    basis: tuple[str, ...]
    note: str

    @property
    def origin(self) -> str:
        """Where the value comes from, in words."""
        template = f"表样“{self.template}”" if self.template else ""
        parts = (self.region, template, self.force, f"{self.since} 起", "；".join(self.basis))
        return "，".join(part for part in parts if part)

    def __str__(self) -> str:
        return f"参数.{self.name} = {self.value.text}（{self.origin}）"


def threshold(name: str, found: Value, rulebook: Rulebook, unit: str) -> Threshold:
    """Tell a parameter's value; money is shown in `unit`."""
    setting = found.setting
    return Threshold(
        name,
        figure(found.value, rulebook.parameters.types[name], unit, rulebook.glossary.units),
        setting.region,
        setting.force,
        setting.since.isoformat(),
        setting.template,
        tuple(f"{key} {article}" for basis in setting.basis for key, article in basis.items()),
        setting.note,
    )
