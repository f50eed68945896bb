"""Knows how answers become documents: HTML first, then PDF."""
