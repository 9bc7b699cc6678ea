"""What a PDF lacks of PDF/UA-1 and PDF/A-2a, as far as a machine can tell: read by pikepdf, which made none of it."""

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf

PDFUA = "http://www.aiim.org/pdfua/ns/id/"
PDFA = "http://www.aiim.org/pdfa/ns/id/"
DC = "http://purl.org/dc/elements/1.1/"
STANDARD = frozenset([
    "Document", "Part", "Art", "Sect", "Div", "BlockQuote", "Caption", "TOC", "TOCI", "Index", "NonStruct",
    "Private", "P", "H", "H1", "H2", "H3", "H4", "H5", "H6", "L", "LI", "Lbl", "LBody", "Table", "TR",
    "TH", "TD", "THead", "TBody", "TFoot", "Span", "Quote", "Note", "Reference", "BibEntry", "Code",
    "Link", "Annot", "Figure", "Formula", "Form",
])  # fmt: skip
PAINTS = frozenset(
    ["Tj", "TJ", "'", '"', *["f", "F", "f*", "B", "B*", "b", "b*", "S", "s", "sh"], "Do", "INLINE"]
)
HIDDEN = 2
Faults = Iterator[str]


def faults(content: bytes) -> list[str]:
    """All that is wrong, in words; nothing where a reader with a screen reader is served."""
    with Pdf.open(io.BytesIO(content)) as pdf:
        return [*_document(pdf), *_metadata(pdf), *_content(pdf), *_structure(pdf), *_fonts(pdf)]


def _document(pdf: Pdf) -> Faults:
    root = pdf.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "not marked"
    if not str(root.get("/Lang", "")):
        yield "no language"
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield "shows its file name instead of its title"
    if "/StructTreeRoot" not in root:
        yield "no structure"
    if pdf.is_encrypted:
        yield "encrypted"
    if "/ID" not in pdf.trailer:
        yield "no ID"
    intents = [one for one in root.get("/OutputIntents", []) if one.get("/S") == Name.GTS_PDFA1]
    if not any("/DestOutputProfile" in one for one in intents):
        yield "no profile of its colours"
    if "/JavaScript" in root.get("/Names", {}):
        yield "a script"
    for number, page in enumerate(pdf.pages, start=1):
        for one in page.obj.get("/Annots", []):
            if one.get("/Subtype") == Name.Popup or int(one.get("/F", 0)) & HIDDEN or _no_size(one):
                continue
            if "/StructParent" not in one:
                yield f"page {number}: an annotation that is not tagged"
            if page.obj.get("/Tabs") != Name.S:
                yield f"page {number}: tabs not in the order of the structure"


def _no_size(annotation: Any) -> bool:
    left, low, right, high = (float(one) for one in annotation.get("/Rect", [0, 0, 0, 0]))
    return left == right or low == high


def _metadata(pdf: Pdf) -> Faults:
    if "/Metadata" not in pdf.Root:
        yield "no metadata"
        return
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        if not str(meta.get(f"{{{DC}}}title", "")).strip():
            yield "no title"
        if meta.get(f"{{{PDFUA}}}part") != "1":
            yield "does not say that it is PDF/UA-1"
        if (meta.get(f"{{{PDFA}}}part"), meta.get(f"{{{PDFA}}}conformance")) != ("2", "A"):
            yield "does not say that it is PDF/A-2a"


def _content(pdf: Pdf) -> Faults:
    """Everything painted is tagged once or an artifact, and all that the structure names is painted."""
    named = Counter(_marked_content(pdf))
    for number, page in enumerate(pdf.pages, start=1):
        found: Counter[int] = Counter()
        yield from (f"page {number}: {fault}" for fault in _stream(page, page.obj.get("/Resources"), found))
        its = {key: count for key, count in named.items() if key[0] == page.obj.objgen}
        tagged = {(page.obj.objgen, mcid) for mcid in found}
        if any(count > 1 for count in found.values()) or any(count > 1 for count in its.values()):
            yield f"page {number}: content that is tagged twice"
        if tagged - set(its):
            yield f"page {number}: marked content that is not in the structure"
        if set(its) - tagged:
            yield f"page {number}: structure without its content"


def _stream(stream: Any, resources: Any, found: "Counter[int]") -> Faults:
    """One content stream: `None`, an artifact or a number for each marked content that is open."""
    open_: list[str | int | None] = []
    for one in pikepdf.parse_content_stream(stream):
        operator = "INLINE" if isinstance(one, pikepdf.ContentStreamInlineImage) else str(one.operator)
        if operator in ("BDC", "BMC"):
            mark = _mark(one.operands, resources)
            if isinstance(mark, int):
                found[mark] += 1
            inside = {type(other) for other in open_ if other is not None}
            if mark is not None and inside and inside != {type(mark)}:
                yield "an artifact and tagged content in one another"
            open_.append(mark)
        elif operator == "EMC":
            open_.pop()
        elif operator in PAINTS and all(mark is None for mark in open_):
            form = _form(one, operator, resources)
            if form is None or "/StructParents" not in form:
                yield "content that is neither tagged nor an artifact"
            else:
                yield from _stream(form, form.get("/Resources", resources), found)
    if open_:
        yield "marked content that is not closed"


def _mark(operands: Any, resources: Any) -> str | int | None:
    if operands[0] == Name.Artifact:
        return "artifact"
    if len(operands) < 2:
        return None
    values = operands[1]
    if isinstance(values, Name):
        values = resources.get("/Properties", {}).get(values, {})
    return int(values["/MCID"]) if "/MCID" in values else None


def _form(one: Any, operator: str, resources: Any) -> Any:
    found = resources.get("/XObject", {}).get(one.operands[0]) if operator == "Do" else None
    return found if found is not None and found.get("/Subtype") == Name.Form else None


def _marked_content(pdf: Pdf) -> Iterator[tuple[tuple[int, int], int]]:
    """Page and number of all marked content that the structure names."""
    for element in _elements(pdf):
        for kid in _kids(element):
            if isinstance(kid, int):
                yield element["/Pg"].objgen, kid
            elif kid.get("/Type") == Name.MCR:
                yield kid.get("/Pg", element.get("/Pg")).objgen, int(kid["/MCID"])


def _structure(pdf: Pdf) -> Faults:
    root = pdf.Root.get("/StructTreeRoot")
    if root is None:
        return
    if "/ParentTree" not in root:
        yield "no way back from content to structure"
    level = 0
    for element in _elements(pdf):
        kind = _kind(pdf, element)
        if kind not in STANDARD:
            yield f"{kind} is no kind of structure"
        if kind in ("Figure", "Formula") and not _alternative(element):
            yield f"a {kind} without words for who does not see it"
        if kind[0] == "H" and kind[1:].isdigit():
            if int(kind[1:]) > level + 1:
                yield f"a heading of level {kind[1:]} after one of level {level}"
            level = int(kind[1:])
        if kind == "TH" and not any("/Scope" in one for one in _attributes(element)):
            yield "a head of a table that does not say of what"
        if kind == "Table" and len(set(_widths(pdf, element))) > 1:
            yield "a table with rows of different length"
        within = {"LI": ("L",), "LBody": ("LI",), "TR": ("Table", "THead", "TBody", "TFoot")}
        within |= {"TH": ("TR",), "TD": ("TR",)}
        if kind in within and _kind(pdf, element["/P"]) not in within[kind]:
            yield f"a {kind} that is not where it belongs"


def _elements(pdf: Pdf) -> Iterator[Any]:
    """All elements of the structure, in the order in which they are read."""
    waiting = _kids(pdf.Root.get("/StructTreeRoot", Dictionary()))[::-1]
    while waiting:
        element = waiting.pop()
        if isinstance(element, int) or "/S" not in element:
            continue
        yield element
        waiting.extend(reversed(_kids(element)))


def _kids(element: Any) -> list[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, Array | list) else [kids]


def _kind(pdf: Pdf, element: Any) -> str:
    """What an element is in the end: own names lead to standard ones."""
    name = element.get("/S")
    roles = pdf.Root.StructTreeRoot.get("/RoleMap", Dictionary())
    for _ in range(len(roles)):
        name = roles.get(name, name)
    return str(name).lstrip("/")


def _alternative(element: Any) -> str:
    return str(element.get("/Alt", element.get("/ActualText", ""))).strip()


def _attributes(element: Any) -> list[Any]:
    its = element.get("/A", [])
    return list(its) if isinstance(its, Array | list) else [its]


def _widths(pdf: Pdf, table: Any) -> Iterator[int]:
    for kid in _kids(table):
        if isinstance(kid, int) or "/S" not in kid:
            continue
        if _kind(pdf, kid) == "TR":
            cells = [one for one in _kids(kid) if not isinstance(one, int)]
            yield sum(_span(cell) for cell in cells)
        else:
            yield from _widths(pdf, kid)


def _span(cell: Any) -> int:
    return next((int(one["/ColSpan"]) for one in _attributes(cell) if "/ColSpan" in one), 1)


def _fonts(pdf: Pdf) -> Faults:
    """Each font is in the file, and tells which letters its signs are."""
    for font in pdf.objects:
        if not isinstance(font, Dictionary) or font.get("/Type") != Name.Font:
            continue
        if "/FontDescriptor" in font:
            files = ("/FontFile", "/FontFile2", "/FontFile3")
            if not any(one in font["/FontDescriptor"] for one in files):
                yield "a font that is not embedded"
        elif font.get("/Subtype") not in (Name.Type0, Name.Type3):
            yield "a font that is not embedded"
        if not str(font.get("/Subtype")).startswith("/CIDFont") and "/ToUnicode" not in font:
            yield "a font that does not tell its letters"
