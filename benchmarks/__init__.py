"""Benchmarks: Outrider beside the bare browser and beside Playwright, interleaved in one run.

``python -m benchmarks`` runs all of them, ``python -m benchmarks start actions --quick`` some. What is measured stands
in ``registry``; the bars that the figures are held to stand in ``bars``.
"""
