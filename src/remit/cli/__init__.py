"""The command line: one module for a subcommand, loaded when it is asked for, so that `remit env` is quick.

Exit status: 0 done, 1 no (a refusal, a finding, a server that cannot start), 2 used wrongly, 3 could not (no server, no
file).
"""

import sys
from collections.abc import Mapping
from typing import Any

import click

from remit.cli.groups import Group, Place
from remit.cli.output import Failed, Say


def _places(says: Mapping[str, str]) -> dict[str, Place]:
    """Return where subcommands are that have a module of their name."""
    modules = {"import": "importing", "export": "exporting"}  # no module can be called `import`
    return {name: Place(modules.get(name, name.replace("-", "_")), "command", line) for name, line in says.items()}


_COMMANDS = _places(
    {
        "serve": "Serve the AWS endpoint.",
        "env": "Print variables that point AWS tools at the server.",
        "profile": "Add a profile for the server to the AWS config files.",
        "status": "Show what runs and what it holds.",
        "doctor": "Show what is unwise, and what to do about it.",
        "config": "Show each setting and where it comes from.",
        "account": "Make, list and reopen accounts.",
        "billing": "Say who sees bills; give credits; share billing views.",
        "credentials": "Set the root user's password and MFA devices.",
        "role-template": "Add, list and remove what AcquireRole makes roles from.",
        "reset": "Empty a server that was started with --allow-reset.",
        "outbox": "Show messages that wait to be sent, and take them.",
        "import": "Put users, groups, roles and policies from a file into an account.",
        "export": "Write the users, groups, roles and policies of an account.",
        "backup": "Write everything to a file, while the server goes on.",
        "restore": "Replace everything by a backup.",
        "can": "Say whether somebody may do something, and why.",
        "explain": "Say why a request of the trail was allowed or denied.",
        "policy": "Check, test, time and print policies that lie in files.",
        "org": "Check, plan, describe and import organizations.",
        "prices": "Bring in what usage costs, and show it.",
        "usage": "Bring in what accounts used, and show it.",
        "bill": "Bill organizations: usage, prices, who shares what.",
        "artifact": "Hand out reports and agreements, and answer compliance inquiries.",
        "compliance": "Make, verify and disclose evidence; read the library.",
        "learn": "Learn to audit, in organizations of your own.",
        "responsibility": "Show who owns what, and whether it is done.",
        "oscal": "Find broken links between OSCAL security plans.",
        "sdk-path": "Print the folder that gives SDKs the further operations.",
        "schema": "Print the JSON schema of a kind of file.",
        "trail": "Show what happened.",
    }
)
_NEWCOMER = ("serve", "env", "can", "trail", "status")


@click.group(
    cls=Group, places=_COMMANDS, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(package_name="remit", prog_name="remit")
@click.pass_context
def root(ctx: click.Context) -> None:
    """The security side of AWS that you can run yourself."""
    if ctx.invoked_subcommand is None:
        lines = [f"  remit {name:<8} {_COMMANDS[name].says}" for name in _NEWCOMER]
        click.echo("The security side of AWS that you can run yourself.\n")
        click.echo("\n".join(lines))
        click.echo("\nremit --help shows all commands, remit COMMAND --help one of them.")


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    try:
        result: Any = root.main(arguments, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Failed as failure:
        Say.error(str(failure))
        return failure.status
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe has seen enough
        return 0
    return result if isinstance(result, int) else 0
