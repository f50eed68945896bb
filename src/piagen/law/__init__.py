"""Knows the law that the documents rest on, as data with its sources and dates of checking."""
