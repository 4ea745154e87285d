"""``serve.py FOLDER``: a wiki of a rowing club in that folder, with its pages in git and its users in SQLite."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from listening import free_socket, listen

#: Name, address, password, and whether an administrator.
USERS = (
    ("Mira Okafor", "mira@saltmarsh.example", "tide-table-1904", True),
    ("Jonas Weir", "jonas@saltmarsh.example", "coxless-four-8", False),
    ("Petra Lind", "petra@saltmarsh.example", "feather-square-3", False),
    ("Old Account", "old.account@saltmarsh.example", "not-used-any-more", False),
)


def main(folder: Path) -> None:
    """Seed and serve."""
    pages = folder / "pages"
    shutil.copytree(Path(__file__).parent / "pages", pages)
    for command in (
        ("init", "-q"),
        ("add", "."),
        ("-c", "user.name=Mira Okafor", "-c", "user.email=mira@saltmarsh.example", "commit", "-qm", "First pages"),
    ):
        subprocess.run([shutil.which("git") or "git", *command], cwd=pages, check=True)
    os.environ |= {
        "REPOSITORY": str(pages),
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'wiki.sqlite3'}",
        "SECRET_KEY": "a wiki on loopback that forgets everything when it stops",
        "SITE_NAME": "Saltmarsh Rowing Club",
        "WRITE_ACCESS": "REGISTERED",
        "ATTACHMENT_ACCESS": "APPROVED",
        "EMAIL_NEEDS_CONFIRMATION": "False",
        "COMMIT_MESSAGE": "OPTIONAL",
        "LOG_LEVEL": "WARNING",
        "LOG_LEVEL_WERKZEUG": "WARNING",
    }
    from otterwiki.server import app  # noqa: PLC0415  reads its settings from the environment set above

    _add_users(app)
    bound, url = free_socket()
    listen(app, bound, url)


def _add_users(app: Any) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    from otterwiki.models import User  # noqa: PLC0415
    from otterwiki.server import db  # noqa: PLC0415
    from werkzeug.security import generate_password_hash  # noqa: PLC0415

    with app.app_context():
        now = datetime.now(UTC)
        for name, email, password, admin in USERS:
            db.session.add(
                User(
                    name=name,
                    email=email,
                    password_hash=generate_password_hash(password),
                    is_admin=admin,
                    is_approved=True,
                    email_confirmed=True,
                    first_seen=now,
                    last_seen=now,
                )
            )
        db.session.commit()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
