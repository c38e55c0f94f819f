"""`remit sdk-path`."""

from remit.cli.frame import framed
from remit.cli.output import Say
from remit.wire.sdk import folder


@framed("sdk-path", 'export AWS_DATA_PATH="$(remit sdk-path)"')
def command() -> None:
    """Print the folder that gives an unchanged boto3 and AWS CLI the operations that AWS keeps for its console."""
    Say.line(str(folder()))
