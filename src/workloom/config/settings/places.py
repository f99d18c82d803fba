from pathlib import Path

from workloom.config.settings.readers import Reader, SettingError

_read = Reader("Places")

DATA_DIR = Path(
    _read.text(
        "DATA_DIR",
        "The folder for everything that this installation keeps: database, secret key, uploaded files.",
        default="var",
        example="/srv/workloom",
    )
).absolute()

PACKAGE_DIR = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Makes the folder when it is needed, readable by its owner only."""
    try:
        DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(
            "DATA_DIR", f"cannot be made at {DATA_DIR}: {error.strerror}", "Name a folder that this user may write to."
        ) from error
    return DATA_DIR
