"""Knows which version of piagen this is."""

VERSION = "0.1.0"
