"""Knows what the answers show of the practice of sharing: prompts for judgement, never a score."""
