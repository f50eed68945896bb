"""Knows nothing but how to start: python -m piagen."""

from piagen.cli import main

main()
