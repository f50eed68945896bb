"""Knows the third sentence: make the documents of many projects, each once, and lose nothing."""
