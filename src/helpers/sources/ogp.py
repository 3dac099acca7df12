"""OGP Local documents saved as text: the fillable form, the public page, an action plan, an end-of-commitment report.

Names, titles, e-mails and phones of contact persons stand in these documents and are left behind here.
"""

import re
from collections.abc import Callable, Iterable
from itertools import pairwise
from pathlib import Path

import pandas as pd

from helpers.files import MonitorError
from helpers.sources.frame import text_frame
from helpers.sources.labelled import Value, document_lines, plain, read_values, record_frame, without_addresses

FORM = {
    1: "title", 2: "timeframe", 3: "lead_government", 4: "lead_nongov", 5: "other_stakeholders", 6: "problem",
    7: "status_quo", 8: "action", 9: "contribution", 10: "long_term_goal", 11: "policy_area", 12: "sector",
    13: "ogp_value", 14: "resources", 15: "resources_secured", 16: "additional", 17: "milestones",
}  # fmt: skip
"""Numbered fields of the form."""

TABLES = {"lead_government", "lead_nongov", "other_stakeholders", "ogp_value", "resources", "milestones"}

PAGE = {
    "Skip Navigation": "_start", "Overview": "_overview", "At-a-Glance": "_glance",
    "Institutions involved:": "institutions",
    "Primary Policy Area:": "_policy", "Primary Sector:": "_sector", "OGP Value:": "_value",
    "Inception Report Summary": "inception", "Description": "_description", "Commitment ID": "commitment_id",
    "Commitment Title": "title", "Problem": "problem", "Status quo": "status_quo", "Action": "action",
    "How will the commitment contribute to solving the public problem described above?": "contribution",
    "What long-term goal as identified in your Open Government Strategy does this commitment relate to?":
        "long_term_goal",
    "Primary Policy Area": "policy_area", "Primary Sector": "sector",
    "What OGP value is this commitment relevant to?": "ogp_value", "Milestones": "_milestones",
    "Commitments": "_end",
}  # fmt: skip

REPORT = {
    "Overview": "_overview", "Name of Evaluator": "_evaluator", "Member Name": "member", "Title": "title",
    "Action": "action", "Problem": "problem", "Section 1.": "_1", "Section 2.": "_2", "Section 3.": "_3",
    "Commitment completion": "_completion", "Did it open government?": "_open", "Lessons from": "_lessons",
    "implementation": "_implementation", "Leave a Reply": "_end",
}  # fmt: skip

QUESTION = re.compile(r"^(\d)\.(?:(\d)(?:\.(\d))?)?\.?[\s–-]+(.+)$")
EXPLANATION = ("provide a brief explanation", "explanation in narrative form")
EVIDENCE = ("provide evidence",)

MONTH_YEAR = re.compile(r"(start|end) date\s*:?\s*(\d{2}/\d{4})", re.IGNORECASE)


def read_ogp(path: Path) -> dict[str, pd.DataFrame]:
    """The tables of one document: always ``document`` (one row, with ``kind``), and by kind

    form: ``milestones``, ``stakeholders``; page: ``milestones``, ``stakeholders``; plan: ``composition``;
    report: ``answers`` (question, answer, degree, explanation, evidence).
    """
    lines = document_lines(path)
    return _reader(lines, path)(lines, path)


def _reader(lines: list[str], path: Path) -> Callable:
    text = plain(" ".join(lines))
    kinds = (
        ("fillable form for action plan commitments", _form),
        ("end of commitment report", _report),
        ("commitment id", _page),
        ("action plan commitments", _form),
        ("plan de accion", _plan),
        ("action plan", _plan),
    )
    for words, reader in kinds:
        if words in text:
            return reader
    raise MonitorError(
        "this is no OGP Local form, commitment page, action plan or end-of-commitment report that we know",
        where=path,
        remedy="save the page or form as plain text",
    )


def _form(lines: list[str], path: Path) -> dict[str, pd.DataFrame]:
    sections = _numbered(lines)
    document, stakeholders = {"kind": "form"}, []
    for key, value in sections.items():
        if key in ("lead_government", "lead_nongov", "other_stakeholders"):
            stakeholders += [(key, row, cells) for row, cells in _table_rows(value)]
        elif key == "timeframe":
            dates = [text for text in value.lines if re.search(r"\d", text) and "/year" not in text]
            document |= dict(zip(("start_date", "end_date"), dates, strict=False))
        elif key == "resources":
            document["budget"] = next((cells[0] for _, cells in _table_rows(value) if cells[0]), "")
        elif key == "ogp_value":
            document[key] = "; ".join(cells[0] for _, cells in _table_rows(value))
        elif key != "milestones":
            document[key] = without_addresses(_answer(value))
    return {
        "document": record_frame(document, path, "document"),
        "stakeholders": _stakeholders(stakeholders, path),
        "milestones": _form_milestones(sections.get("milestones"), path),
    }


def _numbered(lines: list[str]) -> dict[str, Value]:
    """The form's sections by their number, in order; a numbered line inside an answer opens none."""
    sections: dict[str, Value] = {}
    expected = 1
    for number, line in enumerate(lines, start=1):
        found = re.match(r"^(\d{1,2})\.\s+\S", line)
        if found and int(found[1]) == expected:
            current = sections[FORM[expected]] = Value(number)
            expected = min(expected + 1, max(FORM))
        elif sections and line.strip():
            current.add(line if "\t" in line else line.strip(), number)
    return sections


def _answer(value: Value) -> str:
    """The text below the instructions, which end with the character limit or are the first line."""
    limit = next((at for at, line in enumerate(value.lines) if line.startswith("Maximum ")), None)
    rest = value.lines[1:] if limit is None else value.lines[limit + 1 :]
    return " ".join(line for line in rest if line != "Commitment Description").strip()


def _table_rows(value: Value) -> list[tuple[int, list[str]]]:
    """Rows of a tab-separated table without its header; a row cut by a page break is whole again."""
    rows: list[tuple[int, list[str]]] = []
    body = [(row, line) for row, line in zip(value.rows, value.lines, strict=True) if "\t" in line]
    for row, line in body[1:]:
        cells = [cell.strip() for cell in line.split("\t")]
        if plain(cells[0]).startswith(("add lines", "select value")):
            continue
        first = next((cell for cell in cells if cell), "")
        if rows and first[:1].islower() and sum(1 for cell in cells if cell) == 1:
            before = rows[-1][1]
            at = min(cells.index(first), len(before) - 1)
            before[at] = f"{before[at]} {first}".strip()
        elif first:
            rows.append((row, cells))
    return rows


def _stakeholders(rows: list[tuple[str, int, list[str]]], path: Path) -> pd.DataFrame:
    """Organisation, branch and role; the columns of the contact person stay behind."""
    table = [
        {"part": part, "name": cells[0], "branch": cells[1] if part == "lead_government" else "", "role": cells[-1]}
        for part, _, cells in rows
    ]
    frame = pd.DataFrame(table, columns=["part", "name", "branch", "role"])
    return text_frame(frame, path, "stakeholders", [row for _, row, _ in rows])


def _form_milestones(value: Value | None, path: Path) -> pd.DataFrame:
    """n, text, start_date, end_date, responsible, status; the contact person stays behind."""
    names = ["text", "start_date", "end_date", "responsible", "_contact", "status"]
    rows = _table_rows(value) if value else []
    table = [dict(zip(names, [*cells, *[""] * 6], strict=False)) for _, cells in rows]
    frame = pd.DataFrame(table, columns=names).drop(columns="_contact")
    frame.insert(0, "n", [str(number) for number in range(1, len(frame) + 1)])
    return text_frame(frame, path, "milestones", [row for row, _ in rows])


def _page(lines: list[str], path: Path) -> dict[str, pd.DataFrame]:
    values = read_values(lines, _plain_keys(PAGE))
    document = {"kind": "page"}
    for key, value in values.items():
        if key not in ("institutions", "inception"):
            document[key] = without_addresses(value.text)
    document |= _glance(lines)
    listed = values.get("institutions", Value(0))
    bullets = [(row, name) for row, line in zip(listed.rows, listed.lines, strict=True) for name in _bullets([line])]
    names = [name for _, name in bullets]
    frame = pd.DataFrame({"part": "institution", "name": names, "branch": "", "role": ""}, index=range(len(names)))
    return {
        "document": record_frame(document, path, "document"),
        "stakeholders": text_frame(frame, path, "stakeholders", [row for row, _ in bullets]),
        "milestones": _page_milestones(lines, path),
    }


def _plain_keys(labels: dict[str, str]) -> dict[str, str]:
    """Plain label -> key; where a label with a colon and one without are both known, the one without is the field."""
    keys: dict[str, str] = {}
    for label, key in labels.items():
        if plain(label) not in keys or keys[plain(label)].startswith("_"):
            keys[plain(label)] = key
    return keys


def _glance(lines: list[str]) -> dict[str, str]:
    """Dates and the answers of the inception report, which stand behind a colon."""
    wanted = {
        "Commitment Start": "start_date",
        "Commitment End": "end_date",
        "Verifiable": "inception_verifiable",
        "Relevance to OGP Values": "inception_relevance",
    }
    found = {}
    for line in lines:
        name, colon, text = line.partition(":")
        if colon and name.strip() in wanted and text.strip():
            found[wanted[name.strip()]] = text.strip()
    return found


def _bullets(lines: Iterable[str]) -> list[str]:
    return [re.sub(r"^[•\-*]\s*", "", line).strip() for line in lines if re.match(r"^[•\-*]\s*\S", line)]


def _page_milestones(lines: list[str], path: Path) -> pd.DataFrame:
    """n, text and dates; the page lists all five statuses without marking one, so the status is not collected."""
    rows, numbers = [], []
    for at, line in enumerate(lines):
        if re.fullmatch(r"\d{1,2}", line.strip()) and int(line) == len(rows) + 1:
            block = [text.strip() for text in lines[at + 1 : at + 12] if text.strip()]
            dates = dict((kind.lower(), day) for text in block for kind, day in MONTH_YEAR.findall(text))
            if dates:
                row = {"n": line.strip(), "text": block[0], "start_date": dates.get("start", "")}
                rows.append({**row, "end_date": dates.get("end", ""), "responsible": "", "status": ""})
                numbers.append(at + 1)
    columns = ["n", "text", "start_date", "end_date", "responsible", "status"]
    return text_frame(pd.DataFrame(rows, columns=columns), path, "milestones", numbers)


def _report(lines: list[str], path: Path) -> dict[str, pd.DataFrame]:
    labels = {plain(text): key for text, key in REPORT.items()}
    questions = [number for number, line in enumerate(lines) if QUESTION.match(line)]
    head = read_values(lines[: questions[0]] if questions else lines, labels)
    document = {"kind": "report", **{key: without_addresses(value.text) for key, value in head.items()}}
    answers = []
    for at, end in pairwise([*questions, len(lines)]):
        answers.append({"_row": at + 1, **_answered(lines[at:end], labels)})
    rows = [answer.pop("_row") for answer in answers]
    columns = ["question", "answer", "degree", "explanation", "evidence"]
    wide = {f"q{one['question']}{suffix}": one[name] for one in answers for name, suffix in _WIDE.items()}
    return {
        "document": record_frame({**document, **wide}, path, "document"),
        "answers": text_frame(pd.DataFrame(answers, columns=columns), path, "answers", rows),
        "_checks": _evidence_check(answers, rows, path),
    }


def _evidence_check(answers: list[dict], rows: list[int], path: Path) -> pd.DataFrame:
    """Questions that ask for evidence and got none."""
    bare = [(row, one) for row, one in zip(rows, answers, strict=True) if one["asked"] and not one["evidence"]]
    checks = [{"what": f"q{one['question']}", "key": "", "code": "evidence_missing"} for _, one in bare]
    frame = pd.DataFrame(checks, columns=["what", "key", "code", "stated", "computed"])
    return text_frame(frame, path, "answers", [row for row, _ in bare])


_WIDE = {"answer": "", "degree": "_degree", "explanation": "_text", "evidence": "_evidence"}


def _answered(lines: list[str], labels: dict[str, str]) -> dict:
    """One question: number without points, answer, degree, explanation and evidence, each as text."""
    found = QUESTION.match(lines[0])
    parts: dict[str, list[str]] = {"answer": [], "degree": [], "explanation": [], "evidence": []}
    current, asked = "answer", False
    for line in lines[1:]:
        words = plain(line)
        if labels.get(words, "").startswith("_"):
            break
        if words == "degree of result":
            current = "degree"
        elif words.startswith(EXPLANATION):
            current = "explanation"
        elif words.startswith(EVIDENCE):
            current, asked = "evidence", True
        elif line.strip():
            parts[current].append(line.strip().removesuffix("Leave a Reply"))
    number = "".join(part for part in found.groups()[:3] if part)
    return {
        "question": number,
        "asked": asked,
        **{name: without_addresses(" ".join(text)) for name, text in parts.items()},
    }


COMPOSITION = re.compile(r"^[•\-*]?\s*(?P<label>\D.*?)\s*[-–:]?\s+(?P<count>\d[\d.,]*(?:\s+[^\W\d]+)?)\s*$")
TOTAL = re.compile(r"(?:total de|total of|totale di)\s+(\d[\d.,]*)", re.IGNORECASE)
COUNTED = {
    "groups_participating": r"(cu[aá]ntos grupos|how many groups|quanti gruppi)",
    "public_meetings": r"(cu[aá]ntas reuniones|how many (public|meetings)|quanti incontri)",
}


def _plan(lines: list[str], path: Path) -> dict[str, pd.DataFrame]:
    """An action plan: its dates, the counts that it states, and the composition of those who took part."""
    document = {"kind": "plan", "title": next((line.strip() for line in lines if re.match(r"(Plan|Action)", line)), "")}
    for key, pattern in COUNTED.items():
        at = next((number for number, line in enumerate(lines) if re.search(pattern, line, re.IGNORECASE)), None)
        document[key] = next((line.strip() for line in lines[at + 1 :] if line.strip()), "") if at else ""
    invited = re.search(
        r"((?:m[aá]s de|more than|oltre|over)?\s*\d[\d.,]*)\s+(?:invitaciones|invitations|inviti)", " ".join(lines)
    )
    document["invitations_sent"] = invited[1].strip() if invited else ""
    rows, numbers, total = _composition(lines)
    document["participants_total"] = total
    frame = pd.DataFrame(rows, columns=["label", "count"])
    return {
        "document": record_frame(document, path, "document"),
        "composition": text_frame(frame, path, "composition", numbers),
        "_checks": _total_check(rows, total, path),
    }


def _composition(lines: list[str]) -> tuple[list[tuple[str, str]], list[int], str]:
    """The bulleted lines below the sentence that states a total."""
    at = next((number for number, line in enumerate(lines) if TOTAL.search(line)), None)
    if at is None:
        return [], [], ""
    rows, numbers = [], []
    for number, line in enumerate(lines[at + 1 :], start=at + 2):
        found = COMPOSITION.match(line.strip()) if re.match(r"\s*[•\-*]", line) else None
        if found:
            rows.append((found["label"].strip(" -–:"), found["count"]))
            numbers.append(number)
        elif line.strip() and rows:
            break
    return rows, numbers, TOTAL.search(lines[at])[1]


def _total_check(rows: list[tuple[str, str]], total: str, path: Path) -> pd.DataFrame:
    """The stated total beside the sum of the lines."""
    computed = sum(int(re.sub(r"\D", "", count.split()[0])) for _, count in rows)
    check = {"what": "participants_total", "key": "", "stated": re.sub(r"\D", "", total), "computed": str(computed)}
    return text_frame(
        pd.DataFrame([check] if rows and total else [], columns=list(check)),
        path,
        "composition",
        [1] if rows and total else [],
    )
