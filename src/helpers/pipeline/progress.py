"""How far a run has come: a bar on a terminal, one plain line per step elsewhere."""

import sys
from dataclasses import dataclass
from typing import TextIO

from tqdm import tqdm


@dataclass(frozen=True)
class Words:
    """What is said after a step; the defaults are for the log of an operator."""

    done: str = "{seconds:.1f} s"
    fresh: str = "up to date"
    failed: str = "failed: {sentence}"
    skipped: str = "skipped, because an earlier step failed"


class Lines:
    """``[2/5] index rosario 2022 ... 3.1 s``, one line for each step that came to an end."""

    def __init__(self, total: int, stream: TextIO, words: Words) -> None:
        self.total, self.stream, self.words, self.count = total, stream, words, 0

    def at(self, line: str) -> None:
        """Where a step is; a log keeps only ends."""

    def done(self, label: str, seconds: float) -> None:
        """A step succeeded."""
        self._say(label, self.words.done.format(seconds=seconds))

    def fresh(self, label: str) -> None:
        """A step had nothing to do."""
        self._say(label, self.words.fresh)

    def failed(self, label: str, sentence: str) -> None:
        """A step failed, and why."""
        self._say(label, self.words.failed.format(sentence=sentence))

    def skipped(self, label: str) -> None:
        """A step could not start."""
        self._say(label, self.words.skipped)

    def close(self) -> None:
        """No more steps."""

    def _say(self, label: str, words: str) -> None:
        self.count += 1
        print(f"[{self.count}/{self.total}] {label} ... {words}", file=self.stream, flush=True)


class Bar(Lines):
    """One bar over all steps, with the step in hand beside it; what needs to be read stays above it."""

    def __init__(self, total: int, stream: TextIO, words: Words) -> None:
        super().__init__(total, stream, words)
        self.bar = tqdm(total=total, file=stream, bar_format="{n_fmt}/{total_fmt} |{bar:20}| {elapsed} {desc}")

    def at(self, line: str) -> None:
        self.bar.set_description_str(line)

    def fresh(self, label: str) -> None:
        self.bar.update()

    def close(self) -> None:
        self.bar.set_description_str("")
        self.bar.close()

    def _say(self, label: str, words: str) -> None:
        self.bar.update()
        self.bar.write(f"{label} ... {words}", file=self.stream)


def progress_on(stream: TextIO = sys.stderr, total: int = 0, words: Words | None = None) -> Lines:
    """A bar if a person watches the stream, lines otherwise; close it at the end."""
    return (Bar if stream.isatty() else Lines)(total, stream, words or Words())
