"""The design of all letters: what the check of PDF/UA finds, names in other scripts, and what may not lack."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from django.test import override_settings
from django.utils import translation
from pikepdf import Array, Dictionary, Name, Pdf

from dossiers.documents.letter import (
    Block,
    Letter,
    Missing,
    bullets,
    details,
    heading,
    lines,
    note,
    paragraph,
    question,
    signature,
    table,
)
from dossiers.documents.typesetting import Envelope, typeset
from dossiers.models import InsuredPerson
from tests.letters import golden, pdfua
from tests.letters.stage import LOGO, REFERENCE, Stage, kind_and_scene
from tests.route_a.stage import COORDINATOR
from tnw.accounts.models import Fund
from tnw.core.errors import DomainError

ON = date(2026, 5, 4)
FUND = Fund(
    name_nl="Fonds", name_fr="Fonds", name_de="Kasse", street="Lindelaan 3", postal_code="1000", city="Brussel",
    phone="02 000 00 00", email="info@fund.example", logo=LOGO,
)  # fmt: skip
EVERYTHING: list[Block] = [
    paragraph("Beste Zoë Van Hée,"),
    heading("Eerst"),
    bullets(["een", "twee"]),
    details(("Wanneer", "morgen"), ("Waar", "Kouter 8\n9000 Gent"), ("Leeg", "")),
    heading("Dieper", level=3),
    table(["Wat", "Wie"], [["bellen", "ik"], ["komen", "u"]], [2, 1]),
    note("Let op."),
    lines("Schrijf hier:", 2),
    question(1, "Hoe?", hint="Kies.", options=["goed", "slecht"]),
    question(2, "Hoeveel?", options=["0", "1"], in_a_row=True),
    signature("De verzekerde", "Zoë Van Hée"),
]


def letter(*blocks: Block, **more: Any) -> bytes:
    to = ["Zoë Van Hée", "Zoutstraat 12", "9000 Gent"]
    return typeset(Letter("Titel", blocks, **more), Envelope(FUND, ["Lies Peeters"], to, ON, REFERENCE))


@pytest.fixture
def whole() -> bytes:
    return letter(*EVERYTHING)


def test_every_block_is_for_all_readers_and_the_same_each_time(whole: bytes) -> None:
    assert pdfua.faults(whole) == []
    assert letter(*EVERYTHING) == whole
    assert letter(*EVERYTHING, large=True) != whole
    assert letter(*EVERYTHING[:3]) != whole


# --- The check finds what is wrong


def _element(pdf: Pdf, kind: str) -> Any:
    return next(
        one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/S") == Name(f"/{kind}")
    )


def _without(*path: str) -> Callable[[Pdf], None]:
    def spoil(pdf: Pdf) -> None:
        place = pdf.Root
        for name in path[:-1]:
            place = place[name]
        del place[path[-1]]

    return spoil


def _without_alt(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/S") == Name.Figure:
            del one["/Alt"]


def _without_scope(pdf: Pdf) -> None:
    _element(pdf, "TH").A = Array([])


def _skipping(pdf: Pdf) -> None:
    _element(pdf, "H2").S = Name.H4


def _own_name(pdf: Pdf) -> None:
    _element(pdf, "H2").S = Name.Titel


def _shorter(pdf: Pdf) -> None:
    row = [one for one in pdf.objects if isinstance(one, Dictionary) and one.get("/S") == Name.TR][-1]
    del row.K[-1]


def _instructions(pdf: Pdf, change: Callable[[list[Any]], list[Any]]) -> None:
    page = pdf.pages[0]
    changed = change(list(pikepdf.parse_content_stream(page)))
    page.Contents = pdf.make_stream(pikepdf.unparse_content_stream(changed))


def _untagged(pdf: Pdf) -> None:
    """Something painted outside of everything."""
    drawn = pikepdf.ContentStreamInstruction([0, 0, 9, 9], pikepdf.Operator("re"))
    filled = pikepdf.ContentStreamInstruction([], pikepdf.Operator("f"))
    _instructions(pdf, lambda told: [*told, drawn, filled])


def _not_in_the_structure(pdf: Pdf) -> None:
    mark = pikepdf.ContentStreamInstruction([Name.P, Dictionary(MCID=999)], pikepdf.Operator("BDC"))
    end = pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC"))
    _instructions(pdf, lambda told: [*told, mark, end])


def _artifact_in_a_tag(pdf: Pdf) -> None:
    inside = [
        pikepdf.ContentStreamInstruction([Name.P, Dictionary(MCID=0)], pikepdf.Operator("BDC")),
        pikepdf.ContentStreamInstruction([Name.Artifact], pikepdf.Operator("BMC")),
        pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC")),
        pikepdf.ContentStreamInstruction([], pikepdf.Operator("EMC")),
    ]
    _instructions(pdf, lambda told: [*told, *inside])


def _link(pdf: Pdf) -> None:
    link = pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9]))
    pdf.pages[0].Annots = Array([link])


def _embedded_no_more(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == Name.FontDescriptor:
            for name in ("/FontFile", "/FontFile2", "/FontFile3"):
                if name in one:
                    del one[name]


def _without_letters(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and "/ToUnicode" in one:
            del one["/ToUnicode"]


def _says(name: str, value: str) -> Callable[[Pdf], None]:
    def spoil(pdf: Pdf) -> None:
        with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
            meta[name] = value

    return spoil


SPOILT: dict[str, Callable[[Pdf], None]] = {
    "not marked": _without("/MarkInfo"),
    "no language": _without("/Lang"),
    "shows its file name instead of its title": _without("/ViewerPreferences"),
    "no structure": _without("/StructTreeRoot"),
    "no way back from content to structure": _without("/StructTreeRoot", "/ParentTree"),
    "no metadata": _without("/Metadata"),
    "no profile of its colours": _without("/OutputIntents"),
    "no title": _says(f"{{{pdfua.DC}}}title", " "),
    "does not say that it is PDF/UA-1": _says(f"{{{pdfua.PDFUA}}}part", "2"),
    "does not say that it is PDF/A-2a": _says(f"{{{pdfua.PDFA}}}conformance", "B"),
    "a Figure without words for who does not see it": _without_alt,
    "a head of a table that does not say of what": _without_scope,
    "a heading of level 4 after one of level 1": _skipping,
    "Titel is no kind of structure": _own_name,
    "a table with rows of different length": _shorter,
    "page 1: content that is neither tagged nor an artifact": _untagged,
    "page 1: marked content that is not in the structure": _not_in_the_structure,
    "page 1: content that is tagged twice": _artifact_in_a_tag,
    "page 1: an artifact and tagged content in one another": _artifact_in_a_tag,
    "page 1: an annotation that is not tagged": _link,
    "a font that is not embedded": _embedded_no_more,
    "a font that does not tell its letters": _without_letters,
}


@pytest.mark.parametrize("fault", SPOILT)
def test_the_check_finds_each_fault(whole: bytes, fault: str) -> None:
    with Pdf.open(io.BytesIO(whole)) as pdf:
        SPOILT[fault](pdf)
        out = io.BytesIO()
        pdf.save(out)
    assert fault in pdfua.faults(out.getvalue())


# --- Whoever it is written to


@pytest.mark.parametrize(
    "name",
    ["Zoë Van Hée", "Łukasz Żółć", "Şükrü Doğan", "Νίκος Παπαδόπουλος", "Олена Ковальчук", "Արամ Խաչատրյան",
     "გიორგი ბერიძე", "Nguyễn Thị Hạnh", "محمد الخطيب", "דוד לוי"],
)  # fmt: skip
def test_names_in_other_scripts_are_written(name: str) -> None:
    content = letter(paragraph(name))
    assert pdfua.faults(content) == []
    assert name.split()[0] in golden.text_of(content)


WHERE = {
    "nl": ("Brussel, 4 mei 2026", "Lindelaan 3, 1000 Brussel"),
    "fr": ("Bruxelles, 4 mai 2026", "Avenue du Tilleul 3, 1000 Bruxelles"),
    "de": ("Brüssel, 4. Mai 2026", "Lindelaan 3, 1000 Brüssel"),
}


@pytest.mark.parametrize("language", WHERE)
def test_the_fund_stands_there_in_the_language_of_the_letter(language: str) -> None:
    """Where it has no name of its own in a language, it is as in the first."""
    fund = Fund(
        name_nl="Fonds", name_fr="Fonds", name_de="Kasse", street="Lindelaan 3", postal_code="1000", city="Brussel",
        street_fr="Avenue du Tilleul 3", city_fr="Bruxelles", city_de="Brüssel",
    )  # fmt: skip
    with translation.override(language):
        content = typeset(
            Letter("Brief", [paragraph("Brief")]), Envelope(fund, ["Aan"], ["Van"], ON, REFERENCE)
        )
    said = golden.text_of(content)
    for one in WHERE[language]:
        assert one in said


def test_a_sign_that_no_font_has_is_refused_in_words() -> None:
    with pytest.raises(DomainError, match="in none of the fonts") as refusal:
        letter(paragraph("井上"))
    assert refusal.value.code == "no_glyph"
    assert "井" not in str(refusal.value)


@pytest.mark.parametrize(
    ("lacks", "named"),
    [
        (lambda stage: InsuredPerson.objects.update(street=" "), "the street of the insured person"),
        (lambda stage: InsuredPerson.objects.update(city=""), "the city of the insured person"),
        (lambda stage: Fund.objects.update(postal_code=""), "the postal code of the fund"),
        (lambda stage: setattr(stage.people[COORDINATOR].user, "name", ""), "a coordinator of the dossier"),
    ],
)
def test_what_lacks_stops_the_letter_and_is_named(stage: Stage, lacks: Any, named: str) -> None:
    kind, scene = kind_and_scene("invitation", stage)
    lacks(stage)
    with pytest.raises(Missing, match=named):
        stage.letter(kind, scene)


@override_settings(BASE_URL="https://tnw.example")
def test_reference_and_page_are_on_every_page() -> None:
    long = letter(*[paragraph("Een regel. " * 40) for _ in range(30)])
    pages = golden.text_of(long).split("\f")
    assert len(pages) > 1
    for number, page in enumerate(pages, start=1):
        assert REFERENCE in page
        assert f"{number} / {len(pages)}" in page
    assert pdfua.faults(long) == []


def pages_of(*blocks: Block, closing: tuple[str, ...] = ()) -> list[str]:
    document = pdfium.PdfDocument(letter(*blocks, closing=closing))
    return [page.get_textpage().get_text_bounded() for page in document]


@pytest.mark.parametrize("number", range(14, 20))
def test_no_page_holds_the_closing_alone(number: int) -> None:
    *_before, last = pages_of(
        *[paragraph(f"Alinea {n}.") for n in range(number)], closing=("Met groeten", "Lies")
    )
    assert f"Alinea {number - 1}." in last
    assert "Met groeten" in last


@pytest.mark.parametrize("number", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("told", [(), ("Ondertekend",)])
def test_signatures_stay_on_one_page_with_their_heading(number: int, told: tuple[str, ...]) -> None:
    places = [signature(f"Rol {n}", "Naam", told) for n in range(3)]
    pages = pages_of(*[paragraph(f"Alinea {n}.") for n in range(number)], heading("Handtekeningen"), *places)
    (where,) = [page for page in pages if "Rol 0" in page]
    assert all(word in where for word in ("Handtekeningen", "Rol 1", "Rol 2"))


def test_signatures_beside_each_other_begin_at_one_height() -> None:
    """Whether each has a name below it, or one has none yet."""
    roles = ("De verzekerde", "De coördinator", "De arts")
    names = ("Zoë Van Hée", "Lies Peeters", "")
    content = letter(*(signature(role, name) for role, name in zip(roles, names, strict=True)))
    text = pdfium.PdfDocument(content)[0].get_textpage()
    found = [text.search(role).get_next() for role in roles]
    assert len({round(text.get_charbox(at)[1]) for at, _length in found}) == 1
