"""Knows how the HTML of a document becomes a file for Word."""
