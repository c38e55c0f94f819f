"""`remit compliance verify`: the program `verify.py` of every bundle, with the keys of this machine as known ones."""

from pathlib import Path

import click

from remit.cli.compliance_keys import key_ring
from remit.cli.frame import framed
from remit.cli.options import data_option
from remit.cli.output import COULD_NOT, REFUSED, Failed, Say, json_option
from remit.compliance.evidence.errors import KeyRingError
from remit.compliance.evidence.standalone.assembly import page, program
from remit.compliance.evidence.standalone.checking import check
from remit.compliance.evidence.standalone.curve import key_id
from remit.compliance.evidence.standalone.program import Unusable, pin, read_keys, tell_bundle, tell_proof, told


@framed("verify", "remit compliance verify bundle.zip --key collector.pem")
@click.argument("bundle", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", help="Whose signature it must be: a file, or a key or its id in hexadecimal.")
@click.option("--item", metavar="SHA256", help="Write this piece of evidence to standard output.")
@click.option("--replay", is_flag=True, help="Run the bundle's own checks on its evidence again.")
@click.option("--proof", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Check one piece alone.")
@click.option("--program", "form", type=click.Choice(["py", "html"]), help="Write verify.py or verify.html instead.")
@data_option
@json_option
def verify(
    *,
    bundle: Path | None,
    key: str | None,
    item: str | None,
    replay: bool,
    proof: Path | None,
    form: str | None,
    data: Path | None,
    as_json: bool,
) -> int:
    """Check every byte of BUNDLE, its tree and its signature, offline. Exit status 1 when something is wrong.

    Without --key the keys of this machine are the known ones.
    """
    if form is not None:
        click.echo(program() if form == "py" else page(), nl=False)
        return 0
    if (bundle is None) == (proof is None):
        raise click.UsageError("name a bundle, or a proof with --proof")
    keys = _known(key, data)
    if replay and keys is None:
        raise Failed("--replay runs programs out of the bundle: name with --key whose you run", REFUSED)
    try:
        if proof is not None:
            return tell_proof(str(proof), keys)
        assert bundle is not None  # noqa: S101  # one of the two
        if as_json:
            return _tell_json(bundle, keys)
        with Say.working(f"verifying {bundle}"):
            return tell_bundle(str(bundle), keys, item, program() if replay else None)
    except OSError as error:
        raise Failed(f"cannot read {bundle or proof}: {error.strerror}") from None


def _known(key: str | None, data: Path | None) -> set[str] | None:
    try:
        if key is not None:
            return read_keys(key)
        return {one.public.hex() for one in key_ring(data).public_keys()} or None
    except (Unusable, KeyRingError) as error:
        raise Failed(str(error), COULD_NOT) from None


def _tell_json(bundle: Path, keys: set[str] | None) -> int:
    with bundle.open("rb", buffering=1 << 20) as file:
        report = check(file)
    pin(report, keys)
    *_, verdict = told(report, is_pinned=keys is not None)
    attested = report.attested
    Say.json(
        {
            "verified": not report.problems,
            "verdict": verdict,
            "items": report.items,
            "root": report.tree.root().hex(),
            "key": key_id(attested.public) if attested else None,
            "is_key_known": keys is not None and attested is not None and not report.problems,
            "attested": attested.predicate if attested else None,
            "problems": report.problems,
            "problems_not_shown": report.more,
        }
    )
    return REFUSED if report.problems else 0
