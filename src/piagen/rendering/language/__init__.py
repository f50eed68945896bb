"""Knows how the fixed text of a document is said in another language; answers keep their own."""
