"""Tools for rule authors: examples, descriptions."""
