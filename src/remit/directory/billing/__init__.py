"""What the store knows of bills: who may see them, how benefits are shared, credits, views, categories, budgets.

    access            who of an account may see its bills at all
    preferences       whether reservations, Savings Plans and credits are shared, and within which group
    credits           credits, what of them was used in which month, and codes that redeem to one
    views             billing views: parts of a bill that others may be shown
    cost_categories   rules that give a name to a line
    allocation_tags   which tags of resources are columns of a bill
    anomalies         monitors of unusual costs, and who is told
    budgets           budgets, who is told, and what is done when they are exceeded
    invoice_units     accounts whose charges are on an invoice of their own; `addressing`: who gets which invoice
    payers            who pays for an account, from when until when

What usage cost is in no store: `remit.billing` works it out and keeps it in files.
"""
