"""The candidates: the bare browser, Playwright, Outrider by its rooms, Outrider as a server process."""
