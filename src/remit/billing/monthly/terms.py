"""What a payer has agreed: commitments, free offers, private rates, taxes, support, charges; in a file of its ledger.

The file is a scenario that says nothing of organization, prices, usage and expectations: those are known better.
"""

from pathlib import Path

import msgspec

from remit.billing.engine.inputs import Inputs
from remit.billing.scenarios.form import OrganizationForm, ScenarioForm
from remit.billing.scenarios.reading import inputs_of, read_scenario
from remit.billing.scenarios.times import ScenarioMistake

TERMS = "terms.yaml"
_KNOWN_BETTER = ("organization", "prices", "usage", "cost_categories", "credits")


def read_terms(file: Path) -> ScenarioForm | None:
    """Read terms; None where there is no such file.

    Raises:
        ScenarioMistake: it cannot be read, has another form, or says what is known better.
    """
    if not file.exists():
        return None
    form = read_scenario(file)
    said = [name for name in _KNOWN_BETTER if getattr(form, name)]
    if said:
        raise ScenarioMistake(
            f"{file}: terms say nothing of {', '.join(said)}: the store, the price lists and the ledger do; take it out"
        )
    return form


def agreed(form: ScenarioForm, period: str, payer: str, accounts: list[str]) -> Inputs:
    """Return what *form* comes to in a month of *payer* and the accounts that it pays for.

    Raises:
        ScenarioMistake: an account is none of these.
    """
    organization = OrganizationForm(management=payer, members=dict.fromkeys(set(accounts) - {payer}))
    return inputs_of(msgspec.structs.replace(form, month=period, organization=organization))
