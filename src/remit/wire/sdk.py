"""Operations that AWS keeps for its console, or does not have: an extension of the models that SDKs load as well.

`data/sdk` is a folder for `AWS_DATA_PATH`: an unchanged boto3 or AWS CLI merges `SERVICE/VERSION/*.sdk-extras.json`
into its own model and then has the operations. The server merges the same file, so there is one description of them.
Source: botocore, `loaders.py`, "sdk-extras"; `artifact` reference, section 6.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent / "data" / "sdk"
_FILE = "service-2.sdk-extras.json"


def folder() -> Path:
    """Return the folder that `AWS_DATA_PATH` has to name."""
    return _FOLDER


def extension(service: str, version: str) -> bytes | None:
    """Return the document that extends a version of the model of *service*; None for most, which have none."""
    path = _FOLDER / service / version / _FILE
    return path.read_bytes() if path.exists() else None
