"""A project around django-oscar: a shop that Outrider's own developers did not write, with a catalogue of theirs."""
