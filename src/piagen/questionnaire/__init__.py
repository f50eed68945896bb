"""Knows what is asked, in which order and in which words."""
