"""Knows the addresses of what a document may load: `piagen:` names, and which kinds of file."""

from __future__ import annotations

from collections.abc import Mapping

SCHEME = "piagen:"
"""How an address of ours begins; what follows is a name in the template folders."""

KINDS: Mapping[str, str] = {
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".woff2": "font/woff2",
}
"""What may be loaded. Our own list: `mimetypes` reads files of the system, which differ."""
