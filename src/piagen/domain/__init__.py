"""Knows the domain: typed answers, facts and scales; no input, no output."""
