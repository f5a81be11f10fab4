"""Inputs that are nearly right: what a reader takes, changed at random places.

Everything comes out of one random generator, so that a number says what an input was.
"""

from __future__ import annotations

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Mutation = Callable[[random.Random, bytes, Sequence[bytes]], bytes]

ODD_NUMBERS = (
    b"0", b"-1", b"-0.0", b"1e999", b"-1e308", b"1e-320", b"nan", b"inf", b"-inf", b"0x", b"0x1F", b"1_0", b"1,5",
    b"1.2.3", b"1e", b"9" * 25, b"9" * 5000, b"12:30", b"2001-99-99", b"18446744073709551616", b"2147483648", b"0123",
    b"\xd9\xa3", b"1" + b"0" * 400, b"1/0", b"",
)  # fmt: skip
ODD_WORDS = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\xc3", b"\r", b"\n\n", b"\t", b" ", b",", b";", b":", b"=", b"|", b"'",
    b'"', b"{", b"}", b"[", b"]", b"- ", b"? ", b"!!int ", b"!!timestamp ", b"<<: ", b"&a ", b"*a", b"#", b"%s",
    b"../../x", b"kilooersted", b"degC", b"dBm^2", b"null", b"true", b"\\uD800", b"\xe2\x80\xae", b"A" * 3000,
    b"(" * 500, b"[" * 3000, b"[(K)]", b"*", b"<", b"<!DOCTYPE x>", b"&amp;", b"\x1b[31m", "µ°Å".encode(),
)  # fmt: skip
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**62, 1e308, 5e-324, "", "\ud800", "x", "1e999 GPa", "nan mm", "3 kilooersted",
    "\x00", "9" * 300, [], {}, [[]], {"a": {}}, [1, "2"], "../../etc/passwd", "2026-13-45", "x" * 3000,
)  # fmt: skip
_NUMBER = re.compile(rb"[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(rb"[A-Za-z_]\w*")


def mutated(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Change text or bytes at one to four places; ``others`` are right inputs, to take pieces from."""
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        content = rng.choice(_BYTEWISE)(rng, content, others)
    return content


def mutated_zip(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Change one file within a zip file, which stays whole; now and then, the zip file itself."""
    if rng.random() < 0.15:
        return mutated(rng, content, others)
    members = members_of(content)
    if members is None:
        return mutated(rng, content, others)
    name = rng.choice(sorted(members))
    chance = rng.random()
    if chance < 0.08:
        del members[name]
    elif chance < 0.14:
        members[rng.choice(("extra", "../x", name + "/", name.upper(), "x" * 300))] = members[name]
    elif chance < 0.2:
        members[name] = members[rng.choice(sorted(members))]
    elif members[name].startswith((b"{", b"[")):
        members[name] = mutated_json(rng, members[name], ())
    else:
        # the header of an array is short and says most
        head = rng.choice((16, 128, len(members[name])))
        members[name] = mutated(rng, members[name][:head], ()) + members[name][head:]
    return zipped(members)


def mutated_json(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    """Change one value of a JSON document, or of one line of many."""
    if rng.random() < 0.2:
        return mutated(rng, content, others)
    lines = content.split(b"\n") if content.count(b"\n{") else [content]
    place = rng.randrange(len(lines))
    try:
        document = json.loads(lines[place])
    except ValueError:
        return mutated(rng, content, others)
    lines[place] = json.dumps(_altered(rng, document)).encode()
    return b"\n".join(lines)


def members_of(content: bytes) -> dict[str, bytes] | None:
    """Return the files in a zip file; nothing if it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}
    except Exception:
        return None


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Write files into a zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


def _altered(rng: random.Random, document: Any) -> Any:
    """Replace, remove, double or rename something at a random place of a document."""
    if isinstance(document, dict) and document and rng.random() < 0.85:
        key = rng.choice(list(document))
        match rng.randrange(8):
            case 0:
                return {name: value for name, value in document.items() if name != key}
            case 1:
                return document | {rng.choice(("", "x", key + "x", "name", "\x00")): document[key]}
            case _:
                return document | {key: _altered(rng, document[key])}
    if isinstance(document, list) and document and rng.random() < 0.85:
        place = rng.randrange(len(document))
        match rng.randrange(8):
            case 0:
                return document[:place] + document[place + 1 :]
            case 1:
                return document + document[place : place + 1]
            case _:
                return [*document[:place], _altered(rng, document[place]), *document[place + 1 :]]
    return rng.choice(ODD_VALUES)


def _range(rng: random.Random, content: bytes) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + int(rng.expovariate(1 / 20)) + 1)


def _flip(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    if not content:
        return b"\x00"
    place = rng.randrange(len(content))
    return content[:place] + bytes([content[place] ^ (1 << rng.randrange(8))]) + content[place + 1 :]


def _cut(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _range(rng, content)
    return content[:start] + content[end:]


def _end(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _double(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    start, end = _range(rng, content)
    return content[:end] + content[start:end] * rng.choice((1, 1, 2, 50)) + content[end:]


def _insert(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    place = rng.randrange(len(content) + 1)
    return content[:place] + rng.choice(ODD_WORDS + ODD_NUMBERS) + content[place:]


def _overwrite(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    place = rng.randrange(len(content) + 1)
    new = rng.choice(
        (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0", rng.randbytes(3))
    )
    return content[:place] + new + content[place + len(new) :]


def _number(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    return _replaced(rng, content, _NUMBER, ODD_NUMBERS)


def _word(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    known = [found for other in (*others, content)[:4] for found in _WORD.findall(other[:5000])]
    return _replaced(rng, content, _WORD, (*ODD_WORDS, *rng.sample(known, min(20, len(known)))))


def _replaced(rng: random.Random, content: bytes, what: re.Pattern[bytes], odd: Sequence[bytes]) -> bytes:
    start = rng.randrange(len(content) + 1)
    found = what.search(content, start) or what.search(content)
    if found is None:
        return _insert(rng, content, ())
    return content[: found.start()] + rng.choice(odd) + content[found.end() :]


def _line(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    lines = content.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[one]
        case 1:
            lines.insert(other, lines[one])
        case 2:
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines[one] = rng.choice((b" ", b"  ", b"\t", b"-", b"#")) + lines[one]
    return b"\n".join(lines)


def _splice(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    other = rng.choice(others) if others else content
    return content[: rng.randrange(len(content) + 1)] + other[rng.randrange(len(other) + 1) :]


def _encode(rng: random.Random, content: bytes, others: Sequence[bytes]) -> bytes:
    match rng.randrange(4):
        case 0:
            return content.decode("latin-1").encode("utf-16")
        case 1:
            return b"\xef\xbb\xbf" + content
        case 2:
            return content.replace(b"\n", b"\r")
        case _:
            return content.replace(b".", b",")


_BYTEWISE: tuple[Mutation, ...] = (
    _flip, _cut, _end, _double, _insert, _insert, _overwrite, _number, _number, _number, _word, _word, _line, _line,
    _splice, _encode,
)  # fmt: skip
