"""Objects put into buckets of S3, or of a server that speaks as it does; whole, or not there at all.

Who puts them is what the AWS SDKs find in the environment and the files of the process: Remit neither keeps nor shows
it. Large files go up in parts, of which one is in memory; whoever reads the bucket sees them when the last is there.
Source: Amazon S3 API reference, PutObject, CreateMultipartUpload and CompleteMultipartUpload; user guide, "Amazon S3
multipart upload limits"; botocore, `Config`.
"""

import logging
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

from remit.wire.client import extended_session

AWS = "aws"
PART_BYTES = 16 << 20
_PARTS_MAX = 10_000
_CONNECT_SECONDS, _SECONDS = 5.0, 60.0
# How long a file may take altogether: what hangs must end some time.
_FILE_SECONDS = 4 * 3600.0
_ATTEMPTS = 3
_SHOWN_MAX = 300
_UNAUTHORIZED, _FORBIDDEN = 401, 403
_NO_BUCKET = "NoSuchBucket"
# botocore's errors about credentials, whose texts can show what a program or file said.
_ABOUT_CREDENTIALS = (
    "NoCredentialsError",
    "PartialCredentialsError",
    "CredentialRetrievalError",
    "InvalidConfigError",
    "ConfigParseError",
    "ProfileNotFound",
    "MetadataRetrievalError",
    "RefreshWithMFAUnsupportedError",
    "UnauthorizedSSOTokenError",
    "SSOTokenLoadError",
    "TokenRetrievalError",
)


class StorageFailed(Exception):
    """An object was not put; the message is for whoever runs the server.

    Attributes:
        is_refusal: whether whoever has the bucket can set it right: it refuses, or is not there.
        is_bucket_missing: whether the bucket is not there.
    """

    def __init__(self, message: str, *, is_refusal: bool = False, is_bucket_missing: bool = False) -> None:
        super().__init__(message)
        self.is_refusal = is_refusal
        self.is_bucket_missing = is_bucket_missing


def _nothing() -> None:
    """Do nothing."""


def is_server(url: str) -> bool:
    """Say whether a URL is that of a server; one with credentials or a query is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    rest = (parts.username, parts.password, parts.query, parts.fragment)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and port != 0 and not any(rest)


class ObjectStorage:
    """Puts objects into the buckets of one region.

    Args:
        endpoint: URL of the server; `aws` for AWS's own.
        seconds: for which an answer is waited, each time.

    Raises:
        StorageFailed: the environment names a profile that there is not, or so.
    """

    def __init__(self, endpoint: str, region: str, *, seconds: float = _SECONDS) -> None:
        from botocore.config import Config

        logging.getLogger("botocore").setLevel(logging.INFO)  # at debug it writes down session tokens
        is_own = endpoint != AWS
        how: dict[str, Any] = {}
        if is_own:  # other servers know buckets by the path, and not the checksums that S3 has had since 2022
            how = {"s3": {"addressing_style": "path"}, "request_checksum_calculation": "when_required"}
        config = Config(
            connect_timeout=min(seconds, _CONNECT_SECONDS),
            read_timeout=seconds,
            retries={"mode": "standard", "total_max_attempts": _ATTEMPTS},
            **how,
        )
        with _failures():
            self._client: Any = extended_session().create_client(
                "s3", region_name=region, endpoint_url=endpoint if is_own else None, config=config
            )

    @property
    def url(self) -> str:
        """Where it is."""
        url: str = self._client.meta.endpoint_url
        return url

    def put(self, bucket: str, key: str, content: bytes) -> None:
        """Put an object, or put it in the place of what is there.

        Raises:
            StorageFailed: it is not there, or what was there still is.
        """
        with _failures():
            answer = self._client.put_object(Bucket=bucket, Key=key, Body=content)
            _etag(answer)

    def put_file(self, bucket: str, key: str, path: Path, still: Callable[[], None] = _nothing) -> None:
        """Put a file as an object, or in the place of what is there.

        Args:
            still: is called before each part, and raises to end it.

        Raises:
            StorageFailed: it is not there, or what was there still is.
        """
        size = path.stat().st_size
        if size <= PART_BYTES:
            self.put(bucket, key, path.read_bytes())
            return
        with _failures():
            named = {"Bucket": bucket, "Key": key}
            named["UploadId"] = self._client.create_multipart_upload(**named)["UploadId"]
            try:
                self._put_parts(named, path, size, still)
            except BaseException:
                with suppress(Exception):  # what failed says why; a part that stays costs space, no more
                    self._client.abort_multipart_upload(**named)
                raise

    def _put_parts(self, named: dict[str, str], path: Path, size: int, still: Callable[[], None]) -> None:
        part_bytes = max(PART_BYTES, -(-size // _PARTS_MAX))
        until = time.monotonic() + _FILE_SECONDS
        parts: list[dict[str, Any]] = []
        with path.open("rb") as file:
            while body := file.read(part_bytes):
                still()
                if time.monotonic() > until:
                    raise StorageFailed(f"a file was not there after {_FILE_SECONDS:.0f} seconds")
                number = len(parts) + 1
                answer = self._client.upload_part(**named, PartNumber=number, Body=body)
                parts.append({"PartNumber": number, "ETag": _etag(answer)})
        _etag(self._client.complete_multipart_upload(**named, MultipartUpload={"Parts": parts}))


def _etag(answer: dict[str, Any]) -> str:
    """Return what an answer says it took; a server that says nothing is none of S3's kind."""
    etag = answer.get("ETag")
    if not etag:
        raise StorageFailed("the server does not answer as S3 does")
    return str(etag)


@contextmanager
def _failures() -> Generator[None]:
    """Say in words what went wrong with botocore."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ClientError as error:
        raise _refused(cast("Any", error).response) from None
    except ResponseParserError:
        raise StorageFailed("the server does not answer as S3 does") from None
    except BotoCoreError as error:
        name = type(error).__name__
        if any(one.__name__ in _ABOUT_CREDENTIALS for one in type(error).__mro__):
            text = f"the environment gives no credentials for S3 that can be used ({name})"
            raise StorageFailed(text, is_refusal=True) from None
        raise StorageFailed(_shown(str(error))) from None
    except ValueError as error:  # of an endpoint or region that can be none
        raise StorageFailed(_shown(str(error))) from None


def _refused(response: dict[str, Any]) -> StorageFailed:
    said, status = response["Error"], response["ResponseMetadata"].get("HTTPStatusCode")
    code = str(said.get("Code", ""))
    is_missing = code == _NO_BUCKET
    return StorageFailed(
        _shown(f"{code}: {said.get('Message', '')}"),
        is_refusal=is_missing or status in (_UNAUTHORIZED, _FORBIDDEN),
        is_bucket_missing=is_missing,
    )


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text[:_SHOWN_MAX])
