"""Where the pages of the benchmarks come from and how they are served."""
