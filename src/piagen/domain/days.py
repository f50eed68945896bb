"""Knows how a date reads in words, whatever the locale of the machine."""

from __future__ import annotations

from datetime import date

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
"""In English, whatever the locale."""


def in_words(day: date) -> str:
    """`2026-11-22` reads 22 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
