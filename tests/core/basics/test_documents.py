"""Whatever a file holds, it is either a document or refused with a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_technique.parts import ToySample

from spectra.core.basics.documents import load_document
from spectra.core.errors import InputError

KEYS = st.sampled_from(["name", "technique", "thickness", "notes", "extra", "", "*", "&a x"])
VALUES = st.sampled_from(["slab", "toy", "2 mm", "2", "[", "{a: b}", "'", "!!python/object:os.system", "null", "- 1"])


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(st.tuples(KEYS, VALUES)).map(
            lambda lines: "\n".join(f"{key}: {value}" for key, value in lines).encode()
        ),
    )
)
def test_any_bytes_are_a_sample_or_refused_with_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("document") / "sample.yaml"
    path.write_bytes(content)
    try:
        sample = load_document(path, ToySample, what="sample file")
    except InputError as error:
        assert str(path) in str(error)
    else:
        assert sample.thickness == 2.0


def test_a_missing_file_and_a_bomb_are_refused(tmp_path: Path):
    with pytest.raises(InputError, match="There is no sample file"):
        load_document(tmp_path / "absent.yaml", ToySample, what="sample file")
    bomb = tmp_path / "bomb.yaml"
    bomb.write_text("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n")
    with pytest.raises(InputError, match="aliases"):
        load_document(bomb, ToySample, what="sample file")
    deep = tmp_path / "deep.yaml"
    deep.write_text("[" * 5000)
    with pytest.raises(InputError, match="not YAML"):
        load_document(deep, ToySample, what="sample file")


def test_thousands_of_faults_are_a_sentence_of_a_few(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("".join(f"wrong{number}: 1\n" for number in range(5000)) + f"name: {'[' + 'x, ' * 9999 + ']'}\n")
    with pytest.raises(InputError, match="more") as raised:
        load_document(path, ToySample, what="sample file")
    assert len(str(raised.value)) < 10_000
