"""Pages of tests are on this machine, which sessions reach only when that is opened; tests of egress close it again."""

import os

os.environ.setdefault("OUTRIDER_EGRESS_ALLOW", "localhost")
