"""The shared responsibility model, evaluated: who owns what, and what shows that it is done.

    snapshots/   what an endpoint answered: every answer kept and hashed, a refusal kept as a refusal
    checks/      pure functions on a snapshot, each with its coverage; the standard library and the policy engine only
    model/       the rows of the model as data, and what they need
    status/      what findings, reports, training and exceptions come to, cell by cell
    library/     papers, stories and the auditing checklist, whose sentences carry live answers

`remit.compliance` knows nothing of HTTP: commands collect and show.
Source: `shared-responsibility` and `compliance-center` references.
"""
