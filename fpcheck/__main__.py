"""`python -m fpcheck`."""

from fpcheck.cli import main

main()
