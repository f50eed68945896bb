"""Knows the sentences: load the answers, check them, render the documents."""
