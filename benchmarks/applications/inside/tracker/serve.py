"""``serve.py FOLDER``: an issue tracker (Roundup's classic template) in that folder, on SQLite."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from listening import free_socket, listen
from seed import PASSWORD, fill

ADMIN = Path(sys.executable).with_name("roundup-admin")


def main(folder: Path) -> None:
    """Install, seed and serve."""
    bound, url = free_socket()
    home = folder / "tracker"
    settings = {
        "tracker_web": url,
        "tracker_name": "Ferry booking tracker",
        "mail_domain": "fjordline.example",
        "mail_host": "localhost",
        "mail_debug": str(folder / "mails"),
        "admin_email": "admin",
        "instant_registration": "yes",
        "password_pbkdf2_default_rounds": "20000",
        "web_registration_delay": "0",
        "web_login_attempts_min": "0",
    }
    _administer(home, "install", "classic", "sqlite", ",".join(f"{name}={value}" for name, value in settings.items()))
    _administer(home, "initialise", PASSWORD)

    from roundup import instance  # noqa: PLC0415
    from roundup.cgi.wsgi_handler import RequestDispatcher  # noqa: PLC0415

    db = instance.open(str(home)).open("admin")
    fill(db)
    db.close()
    listen(RequestDispatcher(str(home)), bound, url)


def _administer(home: Path, *command: str) -> None:
    subprocess.run([ADMIN, "-i", home, *command], check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
