"""Forms in: files, folders and lines → submissions. The only place that knows how a form is laid out."""

from fpcheck.intake.files import Intake, read_lines, read_paths
from fpcheck.intake.one_file import Forms

__all__ = ["Forms", "Intake", "read_lines", "read_paths"]
