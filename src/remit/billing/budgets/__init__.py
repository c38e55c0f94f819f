"""Budgets: what of them was spent, whether that is too much, and what is done then.

periods       which time a budget is about just now
spend         what was spent in it, and what will be
looking       budgets are looked at: who is alarmed, which actions are due
actions       policies are attached, and taken back
"""
