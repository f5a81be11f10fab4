"""The query language: what is read, what is refused, and that nothing else happens."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spectra.core.errors import UsageError
from spectra.registry.query.language import MOST_VALUES, Condition, Value, parse_query, quote


def conditions(text: str) -> list[tuple[str, str, list[str]]]:
    return [(c.key, c.operator, [value.text for value in c.values]) for c in parse_query(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  ", []),
        ("sample=steel", [("sample", "=", ["steel"])]),
        ("sample = steel pin , C11 > 260", [("sample", "=", ["steel pin"]), ("C11", ">", ["260"])]),
        ("sample=steel|srtio3", [("sample", "=", ["steel", "srtio3"])]),
        ("C11>2.6e11 Pa,C11.std<=1", [("C11", ">", ["2.6e11 Pa"]), ("C11.std", "<=", ["1"])]),
        ("260<C11<=280", [("C11", ">", ["260"]), ("C11", "<=", ["280"])]),
        ("280 >= C11 > 260", [("C11", "<=", ["280"]), ("C11", ">", ["260"])]),
        ("age<30d,tag!=paper,misfit>=2", [("age", "<", ["30d"]), ("tag", "!=", ["paper"]), ("misfit", ">=", ["2"])]),
        ("Debye temperature>400", [("Debye temperature", ">", ["400"])]),
        ('"a=b, c"<1', [("a=b, c", "<", ["1"])]),
        ('sample=\'5" rod, "polished"\'', [("sample", "=", ['5" rod, "polished"'])]),
        ('sample="5"" rod"|b', [("sample", "=", ['5" rod', "b"])]),
        ('note="it\'s"', [("note", "=", ["it's"])]),
        ('operator=""', [("operator", "=", [""])]),
        ("file=run-7_(2).dat,sample=émigré 漢字", [("file", "=", ["run-7_(2).dat"]), ("sample", "=", ["émigré 漢字"])]),
        ("note='a\nb'", [("note", "=", ["a\nb"])]),
        ("a=b,", [("a", "=", ["b"])]),
    ],
)
def test_a_query_is_read(text: str, expected: list[tuple[str, str, list[str]]]) -> None:
    assert conditions(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "steel",
        "sample",
        "sample=",
        "=steel",
        "C11>",
        "a=b,,c=d",
        ",a=b",
        "a=b|",
        "a=|b",
        "a==b",
        "a=>b",
        "a=b=c",
        "a!b",
        "a=b!",
        "260=C11<280",
        "260<C11=280",
        "260<C11<270|280",
        "a='b",
        "a=it's",
        'a="b"c',
        "''=b",
        '"',
        "a=b;c=d'",
    ],
)
def test_what_is_no_query_is_refused_with_the_place_and_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"cannot be read from ['\"].*['\"] on\. Write conditions like") as caught:
        parse_query(text)
    assert caught.value.exit_code == 2


def test_the_place_is_named() -> None:
    with pytest.raises(UsageError, match="from 'C11>>260,age<3d' on"):
        parse_query("sample=steel,C11>>260,age<3d")


def test_only_what_is_not_quoted_can_be_a_pattern() -> None:
    (condition,) = parse_query("sample=a*|'b*'")
    assert condition.values == (Value("a*"), Value("b*", quoted=True))


def test_a_query_of_many_values_is_refused() -> None:
    assert len(parse_query("id=" + "|".join("a" * MOST_VALUES))[0].values) == MOST_VALUES
    with pytest.raises(UsageError, match="more than 500 values"):
        parse_query("id=" + "|".join("a" * (MOST_VALUES + 1)))
    with pytest.raises(UsageError, match="more than 500 values"):
        parse_query(",".join(["a=b"] * (MOST_VALUES + 1)))


_LANGUAGE = st.text(st.sampled_from("""ab1.*,|=<>!"' \n\\%;é""")) | st.text()


@given(_LANGUAGE)
@example('a="' + '""' * 5000)
@example("a=b|" * 5000 + "!")
@example("a<" * 5000)
def test_whatever_is_written_is_read_or_refused_and_means_the_same_when_written_again(text: str) -> None:
    try:
        parsed = parse_query(text)
    except UsageError:
        return
    assert parse_query(",".join(str(condition) for condition in parsed)) == parsed


@given(
    st.text(min_size=1), st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), st.lists(st.text(), min_size=1, max_size=5)
)
def test_anything_in_quotes_is_one_value(key: str, operator: str, values: list[str]) -> None:
    text = f"{quote(key)}{operator}{'|'.join(quote(value) for value in values)}"
    expected = Condition(key, operator, tuple(Value(value, quoted=True) for value in values))
    assert parse_query(text) == (expected,)
    assert parse_query(f"a=b, {text} ,c=d")[1:-1] == (expected,)
