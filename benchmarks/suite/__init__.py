"""The benchmarks: each module has ``run(plan)``, which measures and returns figures."""
