"""Questions about bills: which lines count, how they are grouped, which amounts are added.

    bills         the ledgers of all payers, and the small files that most questions are answered from
    dimensions    what Cost Explorer calls a column of a line, and what its values are
    expressions   filters: trees of And, Or and Not
    questions     a period, a filter, groups and metrics become one SELECT with bound values
    metrics       the amounts that can be asked for

INVARIANT: nothing that a client sends is ever a part of SQL text: names come from tables of ours, everything else is a
bound value.
"""
