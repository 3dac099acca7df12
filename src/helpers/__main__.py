"""`python -m helpers` is the same as `monitor`."""

import sys

from helpers.cli import main

sys.exit(main())
