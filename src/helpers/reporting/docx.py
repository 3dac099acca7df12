"""DOCX files that come out the same each time: the style reference, and fixed times in the archive."""

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

from helpers.reporting.frame import style_folder

FIXED_TIME = (2020, 1, 1, 0, 0, 0)
_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_PARTS = (("styles", "styles"), ("header1", "header"), ("footer1", "footer"))


def reference_docx(root: Path, language: str, header: str, footer: str, simulated: str = "") -> bytes:
    """The file from which engines take styles, page size, header and footer.

    Built from ``reports/style/styles.xml`` at each run, so that no binary is kept.
    """
    return pack(
        {
            "[Content_Types].xml": _content_types(),
            "_rels/.rels": _relations({"rId1": ("officeDocument", "word/document.xml")}),
            "word/_rels/document.xml.rels": _relations(
                {f"rId{i}": (kind, f"{name}.xml") for i, (name, kind) in enumerate(_PARTS, start=1)}
            ),
            "word/document.xml": _document(),
            "word/styles.xml": _styles(root, language),
            "word/header1.xml": _header(header, simulated),
            "word/footer1.xml": _footer(footer),
        }
    )


def pack(parts: dict[str, str | bytes]) -> bytes:
    """A zip archive with fixed times, in the order of the parts given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def steady_docx(content: bytes, day: date) -> bytes:
    """The same document with fixed times inside and outside, and its parts in the order of their names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in sorted(archive.namelist())}
    stamp = f">{day.isoformat()}T00:00:00Z<".encode()
    core = parts.get("docProps/core.xml", b"")
    if core:
        parts["docProps/core.xml"] = re.sub(rb">\d{4}-\d\d-\d\dT[\d:]+Z<", stamp, core)
    # The first column names the rows: readers and the table style are told so, which pandoc does not do.
    look = parts["word/document.xml"].replace(b'w:firstColumn="0"', b'w:firstColumn="1"')
    parts["word/document.xml"] = look.replace(b'w:val="0020"', b'w:val="00A0"')
    types = parts.pop("[Content_Types].xml")
    return pack({"[Content_Types].xml": types, **parts})


def _content_types() -> str:
    overrides = [("document", "document.main"), *_PARTS]
    entries = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_WORD}.{kind}+xml"/>' for name, kind in overrides
    )
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{entries}</Types>'
    )


def _relations(targets: dict[str, tuple[str, str]]) -> str:
    entries = "".join(
        f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{entries}</Relationships>'


def _styles(root: Path, language: str) -> str:
    styles = (style_folder(root) / "styles.xml").read_text(encoding="utf-8")
    return styles.replace('<w:lang w:val="und"/>', f'<w:lang w:val="{escape(language)}"/>')


def _document() -> str:
    section = (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:footerReference w:type="default" r:id="rId3"/>'
        '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1474" w:right="1361" w:bottom="1361" w:left="1361" '
        'w:header="624" w:footer="567" w:gutter="0"/></w:sectPr>'
    )
    return f"{_XML}<w:document {_NAMESPACES}><w:body><w:p/>{section}</w:body></w:document>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _header(text: str, simulated: str) -> str:
    mark = '<w:b/><w:color w:val="1D1600"/><w:shd w:val="clear" w:color="auto" w:fill="FFD84D"/>'
    runs = (_run(f" {simulated} ", mark) + "<w:r><w:tab/></w:r>" if simulated else "") + _run(text)
    return f'{_XML}<w:hdr {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Header"/></w:pPr>{runs}</w:p></w:hdr>'


def _field(name: str) -> str:
    return f'<w:fldSimple w:instr=" {name} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _footer(text: str) -> str:
    pages = f"<w:r><w:tab/></w:r>{_field('PAGE')}{_run(' / ')}{_field('NUMPAGES')}"
    return f'{_XML}<w:ftr {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>{_run(text)}{pages}</w:p></w:ftr>'
