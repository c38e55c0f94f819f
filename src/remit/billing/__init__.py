"""What an organization pays, and why: from facts of usage to lines of a bill.

Nothing here reads a clock, a file or the network but `ledger` and `exports`, which say so.
Source: the rules of consolidated billing that `docs/billing.md` names with each step.
"""
