"""Entry point of the shop's environment: serve a fresh copy of the prepared shop on loopback until told to stop.

Prints one line with its address when it answers. Baskets and orders live in a copy of the database.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from waitress.server import create_server


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1; 0 takes any free one (default)")
    parser.add_argument("--catalogue", type=Path, required=True, help="folder that prepare.py has filled")
    parser.add_argument("--folder", type=Path, help="where to put the copy of the database, else a temporary folder")
    parser.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    return parser.parse_args()


def main() -> None:
    """Serve until SIGINT, SIGTERM, or with ``--with-parent`` the end of standard input."""
    options = arguments()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    with _folder(options.folder) as folder:
        database = Path(folder) / "shop.sqlite3"
        shutil.copyfile(options.catalogue / "shop.sqlite3", database)
        os.environ |= {
            "SHOP_CATALOGUE": str(options.catalogue),
            "SHOP_DATABASE": str(database),
            "DJANGO_SETTINGS_MODULE": "shop.settings",
        }
        if options.with_parent:
            threading.Thread(target=_follow_parent, daemon=True).start()
        _serve(options.port)


def _folder(given: Path | None) -> AbstractContextManager[Path | str]:
    return nullcontext(given) if given else tempfile.TemporaryDirectory(prefix="outrider-shop-")


def _serve(port: int) -> None:
    from shop.wsgi import application  # noqa: PLC0415  reads its settings from the environment set above

    try:
        server = create_server(application, host="127.0.0.1", port=port, threads=8, ident="shop")
    except OSError as error:
        sys.exit(f"The shop can't listen on port {port}: {error.strerror}.")
    print(f"Shop ready at http://127.0.0.1:{server.effective_port}/", flush=True)
    try:
        server.run()
    finally:
        server.close()


def _follow_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
