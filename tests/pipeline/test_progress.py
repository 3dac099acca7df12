"""Progress: a bar for a person, lines for a log."""

import io

from helpers.pipeline.progress import Bar, Lines, Words, progress_on


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_lines_for_a_log():
    stream = io.StringIO()
    progress = progress_on(stream, 4, Words(fresh="al día"))
    progress.at("notebooks/a.ipynb, cell 1")
    progress.done("index rosario 2022", 3.14)
    progress.fresh("index rosario 2023")
    progress.failed("reports rosario 2022", "a.xlsx: no sheet 2022.")
    progress.skipped("reports rosario 2023")
    progress.close()
    assert type(progress) is Lines
    assert stream.getvalue().splitlines() == [
        "[1/4] index rosario 2022 ... 3.1 s",
        "[2/4] index rosario 2023 ... al día",
        "[3/4] reports rosario 2022 ... failed: a.xlsx: no sheet 2022.",
        "[4/4] reports rosario 2023 ... skipped, because an earlier step failed",
    ]


def test_a_bar_for_a_person():
    stream = Terminal()
    progress = progress_on(stream, 2, Words())
    progress.at("notebooks/a.ipynb, cell 1")
    progress.done("index rosario 2022", 3.14)
    progress.fresh("index rosario 2023")
    progress.close()
    assert type(progress) is Bar
    assert "index rosario 2022 ... 3.1 s" in stream.getvalue()
    assert "notebooks/a.ipynb, cell 1" in stream.getvalue()
    assert "2/2" in stream.getvalue()
    assert "up to date" not in stream.getvalue()
