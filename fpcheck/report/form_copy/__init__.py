"""Findings written into a copy of the clerk's own file, by patching only the parts concerned."""
