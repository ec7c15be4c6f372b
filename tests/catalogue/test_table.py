"""Tables as spreadsheets save them, and what is wrong with others in one line."""

import importlib.util

import pytest

from vton.catalogue.table import read_table
from vton.schema import InputError

CELLS = [("a", {"top": "t.jpg", "seed": "3"}), ("row-00002", {"top": "ü.jpg"})]


@pytest.mark.parametrize("content", [
    "name,top,seed\na,t.jpg,3\n,ü.jpg,\n",
    "\ufeffName;Top;Seed\r\na;t.jpg;3\r\n;ü.jpg;\r\n",
    "name\ttop\tseed\na\t t.jpg \t3\n\tü.jpg\n",
    'name,top,seed\n"a","t.jpg",3\n,ü.jpg,\n,,\n\n',
])  # fmt: skip
def test_as_spreadsheets_save_it(tmp_path, content):
    (tmp_path / "table.csv").write_text(content, "utf-8")
    table = read_table(tmp_path / "table.csv")
    assert [(row.name, row.cells) for row in table.rows] == CELLS
    assert table.folder == tmp_path and not table.unused


@pytest.mark.parametrize(("name", "content", "words"), [
    ("table.csv", b"", "no column of articles"),
    ("table.csv", b"sku,price\n1,2\n", "no column of articles"),
    ("table.csv", b"top,seed\n,\n", "no row"),
    ("table.csv", b"top,Top\na,b\n", "top twice"),
    ("table.csv", b"top\n\xff\xfe\n", "UTF-8"),
    ("table.csv", b'top\n"open\n', "no CSV"),
    ("table.xlsx", b"top\na\n", ".csv"),
    ("none.csv", None, "No such file"),
])  # fmt: skip
def test_what_is_no_table(tmp_path, name, content, words):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        read_table(tmp_path / name)
    assert "\n" not in str(caught.value) and str(tmp_path) not in str(caught.value)


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="pip install -r requirements-parquet.txt")
def test_parquet(tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {"name": ["a", None], "top": ["t.jpg", "ü.jpg"], "seed": [3.0, None]}
    pq.write_table(pa.table(columns), tmp_path / "table.parquet")
    assert [(row.name, row.cells) for row in read_table(tmp_path / "table.parquet").rows] == CELLS
    (tmp_path / "table.parquet").write_bytes(b"no table")
    with pytest.raises(InputError, match="no Parquet"):
        read_table(tmp_path / "table.parquet")


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is not None, reason="pyarrow is here")
def test_parquet_without_pyarrow_says_what_to_install(tmp_path):
    (tmp_path / "table.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="requirements-parquet.txt, or save the table as CSV"):
        read_table(tmp_path / "table.parquet")
