"""What ECMA-376 says of the order in which the parts of a document's XML follow each other."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BORDERS = "top left start bottom right end insideH insideV tl2br tr2bl between bar"
# Elements ─► the order of what stands in them; what is not named here we do not write.
ORDERS = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange",
    "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish "
    "webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang",
    "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd "
    "tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription",
    "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark",
    "tbl": "tblPr tblGrid tr",
    "tr": "tblPrEx trPr tc",
    "pBdr": "top left bottom right between bar",
    "tblBorders": _BORDERS,
    "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType "
    "cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid",
    "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden unhideWhenUsed qFormat locked personal "
    "personalCompose personalReply rsid pPr rPr tblPr trPr tcPr tblStylePr",
    "docDefaults": "rPrDefault pPrDefault",
    "styles": "docDefaults latentStyles style",
    "settings": "writeProtection view zoom removePersonalInformation embedTrueTypeFonts mirrorMargins proofState "
    "stylePaneFormatFilter trackRevisions defaultTabStop evenAndOddHeaders characterSpacingControl savePreviewPicture "
    "footnotePr endnotePr compat rsids mathPr themeFontLang clrSchemeMapping doNotAutoCompressPictures shapeDefaults "
    "decimalSymbol listSeparator docId defaultImageDpi",
    "compat": "useFELayout compatSetting",
}


def find_disorder(data: bytes) -> Iterator[str]:
    """Every element whose parts are in another order, or that has a part of an unknown name; where, and which."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            if name.startswith("word/") and name.endswith(".xml") and "/theme/" not in name:
                for element in ET.fromstring(package.read(name)).iter():
                    order = ORDERS.get(element.tag.removeprefix(W), "").split()
                    parts = [part.tag.rpartition("}")[2] for part in element]
                    strange = [part for part in parts if order and part not in order]
                    places = [order.index(part) for part in parts if part in order]
                    if strange or places != sorted(places):
                        yield f"{name}: {element.tag.rpartition('}')[2]}: {' '.join(strange or parts)}"


def read_zoom(data: bytes) -> str | None:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        zoom = ET.fromstring(package.read("word/settings.xml")).find(f"{W}zoom")
    return None if zoom is None else zoom.get(f"{W}percent")
