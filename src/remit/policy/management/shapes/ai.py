"""AI services opt-out policies.

The list of services grows; a name that is not on it is kept. Case matters in the values.
Source: Organizations User Guide, "AI services opt-out policy syntax and examples".
"""

from remit.policy.management.shapes.form import Section, one_of

AI_OPT_OUT = Section(
    others=Section(keys={"opt_out_policy": one_of("optIn", "optOut")}),
    names=r"[a-z0-9]+",
)
