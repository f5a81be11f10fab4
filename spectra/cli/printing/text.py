"""Text from elsewhere, made safe for a terminal."""


def printable(text: str) -> str:
    """Return ``text`` without what acts on a terminal: such characters are written as escapes."""
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)
