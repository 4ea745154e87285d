"""The process of a local model: ``python -m outrider.agents.models.llama FILE CONTEXT_TOKENS THREADS``.

Reads the key of its API from the first line of its standard input, writes its address to standard output, and serves
until the input ends.
"""

import os
import sys


def main() -> None:
    """Serve a GGUF file. Exits with 1 and the reason on standard error when it can't be read."""
    import xllamacpp  # noqa: PLC0415 - of the extra “local”

    file, context, threads = sys.argv[1:]
    parameters = xllamacpp.CommonParams()
    parameters.model.path = file
    parameters.n_ctx = int(context)
    parameters.n_parallel = 1
    if int(threads):
        parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = int(threads)
    parameters.port = 0
    parameters.ui = False
    parameters.verbosity = 0
    parameters.api_keys = [sys.stdin.readline().strip()]
    try:
        server = xllamacpp.Server(parameters)
    except Exception as error:  # noqa: BLE001 - whatever the library raises for a file
        sys.exit(f"{type(error).__name__}: {error}")
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # its threads have nothing to put in order


if __name__ == "__main__":
    main()
