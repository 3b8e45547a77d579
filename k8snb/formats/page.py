"""An assessment as one page for a browser, which needs no network and no JavaScript."""

from k8snb.assessment.assessment import Assessment
from k8snb.display.assessment import assessment_bundle
from k8snb.display.style import stylesheet
from k8snb.display.text import html_text
from k8snb.formats.screen import Screen
from k8snb.languages import TAGS, language, translate

_PAGE = """<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(result: Assessment, _: Screen) -> bytes:
    """Give what a notebook shows of the assessment, inside a page of its own."""
    title = html_text(translate(f"Assessment of {result.record.source.name}"), 240)
    body = assessment_bundle(result)["text/html"]
    return _PAGE.format(lang=TAGS[language()], title=title, style=stylesheet(), body=body).encode("utf-8", "replace")
