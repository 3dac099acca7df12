"""Running the monitor: notebooks with strict parameters and canonical output, only what is stale, as it goes.

Papermill itself is imported by the children that run notebooks, so that finding nothing to do takes no time.
"""

from helpers.pipeline.execution import Notebook, RunError
from helpers.pipeline.forking import Call, Outcome, run_all, run_notebook, warm
from helpers.pipeline.parameters import Parameter, declared, read_notebook
from helpers.pipeline.progress import Lines, Words, progress_on
from helpers.pipeline.stages import Result, Stage, Target, is_fresh, run_rounds, steps_of, why_stale

__all__ = [
    "Call",
    "Lines",
    "Notebook",
    "Outcome",
    "Parameter",
    "Result",
    "RunError",
    "Stage",
    "Target",
    "Words",
    "declared",
    "is_fresh",
    "progress_on",
    "read_notebook",
    "run_all",
    "run_notebook",
    "run_rounds",
    "steps_of",
    "warm",
    "why_stale",
]
