"""The command line: the only room that prints."""

import gc

#: Starting makes some hundred thousand objects that stay for good. By default they are looked through for garbage
#: every 700 of them, which costs a fifth of the start.
gc.set_threshold(100_000, 20, 20)
