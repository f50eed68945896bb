"""Pictures drawn from the answers: facts in, SVG text out; no file but the fonts, no clock."""
