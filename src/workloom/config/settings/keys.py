import os
import secrets
import tempfile
from pathlib import Path

from workloom.config.settings.places import data_dir
from workloom.config.settings.readers import Reader, SettingError

_read = Reader("Secrets")
_LEAST_LENGTH = 32


def kept_key(path: Path) -> str:
    """The key in the file: of several processes that start together one links its own, and all read that one."""
    if not path.exists():
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(name, path)
        except FileExistsError:
            pass
        finally:
            Path(name).unlink()
    key = path.read_text().strip()
    if len(key) < _LEAST_LENGTH:
        raise SettingError(
            "SECRET_KEY", f"cannot be read from {path}", "Delete that file to make a new key (everybody signs in anew)."
        )
    return key


def _secret_key() -> str:
    given = _read.text(
        "SECRET_KEY",
        "Signs sessions and links, seals the secrets of webhooks; when unset it is made once and kept in `DATA_DIR/secret.key`.",
        shown="made at the first start",
        example="50 or more random characters",
    )
    if given and len(given) < _LEAST_LENGTH:
        raise SettingError(
            "SECRET_KEY", f"is shorter than {_LEAST_LENGTH} characters", "Use a long random one, or leave it unset."
        )
    return given or kept_key(data_dir() / "secret.key")


SECRET_KEY = _secret_key()
