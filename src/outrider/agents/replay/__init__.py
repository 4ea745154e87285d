"""Tasks as scripts: recorded from the log of a session, run again without a model."""
