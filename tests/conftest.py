"""Pages of tests are on this machine, which sessions reach only when that is opened; tests of egress close it again."""

import os
import signal

# A background job of a script ignores Ctrl-C, and so would the processes that tests interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

os.environ.setdefault("OUTRIDER_EGRESS_ALLOW", "localhost")
