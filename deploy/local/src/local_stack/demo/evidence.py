"""A page of evidence, as small as a PDF can be and labelled as synthetic."""

from kechuang.client import ApiError

from local_stack.demo.callers import Callers

_PAGE = """%PDF-1.7
1 0 obj
<< /Type /Catalog /Pages 2 0 R >>
endobj
2 0 obj
<< /Type /Pages /Kids [3 0 R] /Count 1 >>
endobj
3 0 obj
<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R
   /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>
endobj
4 0 obj
<< /Length {length} >>
stream
{text}
endstream
endobj
trailer
<< /Root 1 0 R >>
%%EOF
"""


def page(title: str) -> bytes:
    """The page with a title in Latin letters."""
    text = f"BT /F1 24 Tf 72 720 Td (Synthetic evidence: {title}) Tj ET"
    return _PAGE.format(length=len(text), text=text).encode()


def attach(call: Callers, role: str, owner: str, title: str) -> None:
    """Attach the page to a report or a milestone, once however often the demo is played."""
    try:
        call(role).upload(f"{owner}/evidence-files", page(title), "佐证材料.pdf")
    except ApiError as error:
        if error.code != "same_file":
            raise
