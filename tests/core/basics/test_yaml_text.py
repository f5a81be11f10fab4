"""YAML as plain data: what another program wrote is read alike, and whatever else is a clause with a line."""

import math

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from spectra.core.basics.yaml_text import YamlError, parse_yaml

# Halves of characters are no text; PyYAML breaks lines at the last three when it writes, and not when it reads.
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x85\u2028\u2029"), max_size=20)
SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | TEXT
DATA = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4))


@given(DATA, st.booleans())
def test_what_pyyaml_writes_is_read_as_it_was(data, flow):
    assert parse_yaml(yaml.safe_dump(data, default_flow_style=flow, allow_unicode=True))[0] == data


def test_numbers_are_decimal_and_only_true_and_false_are_truth_values():
    read = parse_yaml("[12, -1_000, 4.5, 1.5e-3, .5, True, false, ~, null, -.inf]")[0]
    assert read == [12, -1000, 4.5, 0.0015, 0.5, True, False, None, None, -math.inf]
    assert math.isnan(parse_yaml(".nan")[0])


@pytest.mark.parametrize(
    "text",
    ["0123", "0x1F", "0b1", "12:30", "190:20:30.15", "NO", "on", "2026-11-29", "2001-99-99", "2001-01-01T99:99:99",
     "0x", "0x_", "1e5", "1.2.3", "<<", "=", "!!timestamp z", "!!int x", "!!float y", "!!bool zz"],
)  # fmt: skip
def test_all_other_scalars_are_text(text):
    assert parse_yaml(f"specimen: {text}")[0] == {"specimen": text.rpartition(" ")[2]}


@pytest.mark.parametrize(
    ("text", "fault", "line"),
    [
        ("a: 1\n? [b, c]\n: 2", "a key is a list or a mapping", 2),
        ("a: 1\na: 2", "the key 'a' stands twice", 2),
        ("1: a\ntrue: b", "the key True stands twice", 2),
        ("a: " + "9" * 5000, "has too many digits", 1),
        ("a: 9223372036854775808", "has too many digits", 1),
        ("a: &x 1\nb: *x", "aliases", 2),
        ("a: !!python/object:os.system x", "the tag", 1),
        ("a: !!binary é", "the tag", 1),
        ("a: !!set {b}", "the tag", 1),
        ('a: "\\uD800"', "a character that is none", 1),
        ('a: "\\0"', "a character that is none", 1),
        ('a: "\\UFFFFFFFF"', "an escape sequence", None),
        ("a: \x01", "special characters", None),
        ("[" * 5000, "nested too deeply", None),
        ("a: 1\n---\nb: 2", "another document", 2),
        ("a: 'b", "unexpected end", 1),
    ],
)
def test_what_is_not_plain_data_is_refused_with_its_line(text, fault, line):
    with pytest.raises(YamlError, match=fault) as raised:
        parse_yaml(text)
    assert raised.value.line == line
