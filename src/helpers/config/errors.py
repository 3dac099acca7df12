"""The one kind of error that is meant for people."""


class MonitorError(Exception):
    """Something a person can mend, said in one sentence: what, where, remedy.

    Parameters
    ----------
    what: what is wrong, without a full stop.
    where: file, with sheet, row or line where known.
    remedy: what to do about it, as an instruction.
    """

    def __init__(self, what: str, *, where: object = None, remedy: str | None = None):
        super().__init__(what, where, remedy)
        self.what, self.where, self.remedy = what, where, remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{remedy}."
