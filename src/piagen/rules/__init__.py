"""Knows what a governance team would send back: one function a fault, each explained and cited."""
