"""Office files and delimited texts → sheets of cells, each with its place; told by content, read within limits."""
