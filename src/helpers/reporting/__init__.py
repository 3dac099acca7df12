"""Executed notebooks to pages, PDF and DOCX, and the landing page over them.

Notation of a report (the same for both engines): a report cell starts with ``#| output: asis`` and shows Markdown.

- figure: ``![caption](fig/x.png){#fig-x fig-alt="what it shows"}`` alone in its paragraph
- table: ``: caption {#tbl-x}`` below it; its first column names the rows
- section: ``## Title {#sec-x}``; ``{.unnumbered}`` leaves out its number
- equation: ``$$..$$ {#eq-x alt="how it is read aloud"}``
- cross-reference: ``@fig-x``, ``@tbl-x``, ``@sec-x``, ``@eq-x``; ``[-@fig-x]`` gives the number alone
- callout: ``::: {.callout-note}`` (tip, warning, important, caution), a heading inside or ``title="..."`` as title
- ``::: {.new-page}`` empty: what follows begins on a new page
- ``::: {.beside}`` a small picture without caption, and what is said beside it
- ``[]{.score-bar value="61.2"}`` a score from 0 to 100 as a bar, before the words that say it
- ``::: {.lead}`` opening sentence; ``::: {.facts}`` a list of ``**value** what it is``; ``::: {.source}`` source line
  below a figure or table; ``[12]{.contested}`` a number under discussion
"""

from helpers.reporting.annex import Executed
from helpers.reporting.check import check_page, page_problems
from helpers.reporting.frame import footer_html, header_html
from helpers.reporting.landing import landing_html, write_landing
from helpers.reporting.page import Card, CardPeriod, Link, Manifest, Page
from helpers.reporting.rendering import render, render_annex

__all__ = [
    "Card",
    "CardPeriod",
    "Executed",
    "Link",
    "Manifest",
    "Page",
    "check_page",
    "footer_html",
    "header_html",
    "landing_html",
    "page_problems",
    "render",
    "render_annex",
    "write_landing",
]
