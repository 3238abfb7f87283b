"""Sheets of cells → forms, found by what is printed on them; how they are printed is data."""
