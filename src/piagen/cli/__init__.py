"""Knows the command line: words in, words out."""
