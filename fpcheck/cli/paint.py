"""Lines of a report on the screen: in colour on a terminal, plain anywhere else."""

import sys
from collections.abc import Iterable

import click

from fpcheck.report.line import Line


def print_lines(lines: Iterable[Line]) -> None:
    """Print the lines of a report."""
    if not sys.stdout.isatty():
        for line in lines:
            click.echo(line.text)
        return
    from rich.console import Console  # noqa: PLC0415 - only on a terminal
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    for line in lines:
        console.print(Text(line.text, style=line.style), soft_wrap=True)
