"""Cutting a file into records: forms that are read, forms that are refused, whatever is in it."""

import gzip
import itertools
import json
import tracemalloc
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossiers.feed import facts, messages, recognitions
from dossiers.feed.faults import FileRefused, Rejection
from dossiers.feed.reader import LIMIT, read
from tests.feed.lines import TODAY, Stream, csv_file, drain, fields

ABC = ("a", "b", "c")
COUNT = "column_count"


def records(content: bytes) -> list[tuple[int, tuple[str, ...] | str]]:
    """Of each record the line and its fields, or the code of its fault."""
    found = read(BytesIO(content), ABC)
    return [(line, got.code if isinstance(got, Rejection) else got) for line, got in found]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends_and_byte_order_mark(end, bom, last):
    content = bom + end.join([b"a;b;c", b"1;2;3", 'é;;"x;y"'.encode()]) + (end if last else b"")
    assert records(content) == [(2, ("1", "2", "3")), (3, ("é", "", "x;y"))]


def test_header_in_any_order_and_in_quotes():
    assert records(b'c;"a";b\n3;1;2\n') == [(2, ("1", "2", "3"))]


def test_a_header_alone_is_a_night_without_changes():
    assert records(b"a;b;c") == []


def test_empty_lines_are_passed_over_but_counted():
    assert records(b"a;b;c\n\n1;2;3\n\r\n\n4;5;6\n\n") == [(3, ("1", "2", "3")), (6, ("4", "5", "6"))]


def test_a_record_has_the_number_of_the_line_on_which_it_begins():
    content = b'a;b;c\r\n1;"two\r\nlines";3\r\n"three\n\nlines";5;6\r\n7;8\r\n9;"""quoted""";0\r\n'
    assert records(content) == [
        (2, ("1", "two\r\nlines", "3")),
        (4, ("three\n\nlines", "5", "6")),
        (7, COUNT),
        (8, ("9", '"quoted"', "0")),
    ]


def test_a_header_over_two_lines_counts_as_two():
    assert list(read(BytesIO(b'"a\n";b\n1;2\n'), ("a\n", "b"))) == [(3, ("1", "2"))]


@pytest.mark.parametrize(
    "line", [b"1;2", b"1;2;3;4", b"1", b" ", b'1;"2"x;3', b"1;2\r;3", b"1;2;3\rx", b'1;"2" ;3']
)
def test_a_line_that_cannot_be_cut_stops_nothing_else(line):
    assert records(b"a;b;c\n" + line + b"\n4;5;6\n") == [(2, COUNT), (3, ("4", "5", "6"))]


def test_lines_swallowed_by_a_stray_quotation_mark_are_read_on_their_own():
    content = b'a;b;c\n1;"2;3\n4;5;6\n7;"8;9";0\n1;2;3\n'
    assert records(content) == [
        (2, COUNT),
        (3, ("4", "5", "6")),
        (4, ("7", "8;9", "0")),
        (5, ("1", "2", "3")),
    ]


def test_swallowed_lines_that_close_the_mark_rightly_are_read_on_their_own_too():
    content = b'a;b;c\n1;2;"3\n4;5;6\n4;5;6";7\n1;2;3\n'
    assert records(content) == [(2, COUNT), (3, ("4", "5", "6")), (4, COUNT), (5, ("1", "2", "3"))]


def test_a_record_over_two_lines_with_a_field_too_many_is_one_fault():
    assert records(b'a;b;c\n1;2;"3\n3";4\n5;6;7\n') == [(2, COUNT), (4, ("5", "6", "7"))]


def test_a_path_is_read_and_closed(tmp_path):
    path = tmp_path / "feed.csv"
    path.write_bytes(b"a;b;c\n1;2;3\n")
    assert list(read(path, ABC)) == list(read(str(path), ABC)) == [(2, ("1", "2", "3"))]
    path.unlink()


def test_the_result_does_not_depend_on_how_the_source_is_cut_up():
    content = csv_file(*[fields(city=f"Liège {number}") for number in range(3000)]).getvalue()
    whole = list(read(BytesIO(content), recognitions.COLUMNS))
    pieces = Stream(content[start : start + 4099] for start in range(0, len(content), 4099))
    assert list(read(pieces, recognitions.COLUMNS)) == whole
    assert len(whole) == 3000


def zipped() -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("recognitions.csv", csv_file(fields()).getvalue())
    return target.getvalue()


RIGHT_FILE = csv_file(*[fields()] * 4000).getvalue()


ALL_MISSING = (
    "reference, version, fund, ssin, replaced_ssin, last_name, first_name, birth_date, language, street, "
    "postal_code, city, …"
)
REFUSALS = [
    (b"", "empty", {}),
    (b"\xef\xbb\xbf", "empty", {}),
    (zipped(), "not_text", {"line": 1}),
    (b"PK\x05\x06" + bytes(18), "not_text", {"line": 1}),
    (gzip.compress(RIGHT_FILE), "not_text", {"line": 1}),
    (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "not_text", {"line": 1}),
    (RIGHT_FILE + b"311-1;\0;", "not_text", {"line": 4002}),
    (b"\0" * 5_000_000, "not_text", {"line": 1}),
    (RIGHT_FILE.decode().encode("utf-16"), "not_utf8", {"line": 1}),
    (RIGHT_FILE + "Liège\n".encode("latin-1"), "not_utf8", {"line": 4002}),
    (RIGHT_FILE + "Liège".encode()[:3], "not_utf8", {"line": 4002}),
    (RIGHT_FILE.decode().encode("latin-1"), "not_utf8", {"line": 2}),
    (b"\n\n", "missing_column", {"columns": ALL_MISSING}),
    (RIGHT_FILE.replace(b"start;", b"begin;", 1), "missing_column", {"columns": "start"}),
    (RIGHT_FILE.replace(b"start;end;", b"", 1), "missing_column", {"columns": "start, end"}),
    (RIGHT_FILE.replace(b";", b","), "missing_column", {"columns": ALL_MISSING}),
    (RIGHT_FILE.replace(b"start;", b"start;start;", 1), "duplicate_column", {"columns": "start"}),
    (RIGHT_FILE.replace(b"start;", b"start;be\x07gin;;", 1), "unknown_column", {"columns": "'be?gin', ''"}),
    (RIGHT_FILE + b'311-1;"', "unclosed_quote", {"line": 4002}),
    (RIGHT_FILE.replace(b"4000", b'"4000', 1), "unclosed_quote", {"line": 2}),
    (b'"' + RIGHT_FILE, "unclosed_quote", {"line": 1}),
    (RIGHT_FILE + b"x" * (LIMIT + 1) + b"\n", "line_too_long", {"line": 4002, "limit": LIMIT}),
    (RIGHT_FILE + b"x" * 10_000_000, "line_too_long", {"line": 4002, "limit": LIMIT}),
]


@pytest.mark.parametrize(
    ("content", "code", "values"),
    REFUSALS,
    ids=[f"{code} {number}" for number, (_, code, _) in enumerate(REFUSALS)],
)
def test_a_file_that_is_no_such_csv_is_refused_whole(content, code, values):
    refused = drain(BytesIO(content))
    assert refused is not None
    assert (refused.code, refused.values) == (code, values)
    assert str(refused).endswith(".")
    assert len(json.dumps(refused.values)) <= 200
    assert "%(" not in str(refused)


def test_without_a_header_the_first_persons_data_are_not_repeated():
    refused = drain(csv_file(header=fields()))
    assert refused is not None
    assert refused.code == "missing_column"
    assert "73521255512" not in str(refused)
    assert "Lambert" not in str(refused)


@given(st.lists(st.text(alphabet="aé\"\\\x1b'", max_size=60), max_size=12))
def test_names_from_a_header_are_told_shortly_and_plainly(names):
    quoted = [name.replace('"', '""') for name in ("b", *names, "c", "z")]
    refused = drain(BytesIO(";".join(f'"{name}"' for name in quoted).encode()), ("b", "c"))
    assert refused is not None
    assert refused.code == "unknown_column"
    assert len(json.dumps(refused.values)) <= 200
    assert str(refused).isprintable()


def test_every_refusal_of_a_file_is_tried():
    assert {code for _, code, _ in REFUSALS} == set(messages.FILE)


def test_a_line_of_the_longest_length_is_read():
    line = b"1;2;" + b"x" * (LIMIT - 5) + b"\n"
    assert len(line) == LIMIT
    assert [number for number, _ in read(BytesIO(b"a;b;c\n" + line * 3), ABC)] == [2, 3, 4]


@settings(max_examples=400)
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(
            st.sampled_from(
                [b"a", b"b", b"c", b";", b'"', b"\n", b"\r", b"\r\n", b"\0", b"\xff", "é".encode(), b"\xef\xbb\xbf",
                 b" ", b"a;b;c\n", b"a;b;c\r\n", b"1;2;3\n", b'"x', b'""', b"\x1a", b"\xe2\x80\xa8"]
            ),
            max_size=60,
        ).map(lambda parts: b"a;b;c\n" + b"".join(parts)),
    )
)  # fmt: skip
def test_arbitrary_bytes_give_records_or_a_refusal_and_nothing_else(content):
    lines: list[int] = []
    refused = ""
    try:
        for line, got in read(BytesIO(content), ABC):
            assert isinstance(got, Rejection) or len(got) == 3
            lines.append(line)
    except FileRefused as error:
        refused = error.code
    assert not refused or refused in messages.FILE
    assert lines == sorted(set(lines))
    assert not lines or 2 <= lines[0] <= lines[-1] <= content.count(b"\n") + 1


@given(st.lists(st.lists(st.text(alphabet='ab;"\n\ré ', max_size=6), min_size=3, max_size=3), max_size=20))
def test_what_was_written_as_csv_comes_back(rows):
    quoted = ["".join(f'"{field.replace(chr(34), chr(34) * 2)}";' for field in row)[:-1] for row in rows]
    content = "\n".join(["a;b;c", *quoted]).encode()
    assert [got for _, got in read(BytesIO(content), ABC)] == [tuple(row) for row in rows]


MEGABYTE = 1024 * 1024
HEADER = (";".join(recognitions.COLUMNS) + "\n").encode()
USUAL = (";".join(fields()) + "\n").encode() * 300
WRONG = (";".join(fields(ssin="1")) + "\n" + "x\n").encode() * 300
WIDE = (";".join(fields(street="x" * 60_000)) + "\n").encode()


def blocks(block: bytes, *before: bytes, size: int = 100 * MEGABYTE) -> Stream:
    """Very much of the same."""
    return Stream(itertools.chain(before, itertools.repeat(block, size // len(block))))


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (lambda: blocks(WIDE, HEADER), None),
        (lambda: blocks(USUAL, HEADER, size=5 * MEGABYTE), None),
        (lambda: blocks(WRONG, HEADER, size=5 * MEGABYTE), None),
        (lambda: blocks(b"\n" * 65_536, HEADER, size=MEGABYTE // 4), None),
        (lambda: blocks(b"x" * 65_536), "line_too_long"),
        (lambda: blocks(b"x" * 65_536, HEADER), "line_too_long"),
        (lambda: blocks(b";" * 65_536, HEADER), "line_too_long"),
        (lambda: blocks(b"\r" * 65_536, HEADER), "line_too_long"),
        (lambda: blocks(USUAL, HEADER, b'1;"'), "unclosed_quote"),
        (lambda: blocks(b'";"\n' * 16_384, HEADER, b'"\n'), "unclosed_quote"),
    ],
    ids=["wide", "usual", "wrong", "empty", "one line", "long", "semicolons", "CR", "open quote", "quotes"],
)
def test_a_hundred_megabytes_take_no_memory(source, code):
    """Lines of usual length are fewer, being slow to trace: kept, they would still be seen."""
    tracemalloc.start()
    refused = None
    try:
        for _ in recognitions.read_recognitions(source(), "311", TODAY):
            pass
    except FileRefused as error:
        refused = error
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (refused.code if refused else None) == code
    assert peak < 4 * MEGABYTE


def test_the_same_reader_serves_the_import_of_facts():
    content = b'id;reference;kind;on;subject;details\nq1;311-1;questionnaire_sent;2026-01-02;;"{""a"": 1}"\n'
    assert list(read(BytesIO(content), facts.COLUMNS)) == [
        (2, ("311-1", "q1", "questionnaire_sent", "2026-01-02", "", '{"a": 1}'))
    ]
