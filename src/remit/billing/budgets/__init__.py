"""Budgets: what of them was spent, whether that is too much, and what is done then.

periods       which time a budget is about just now
spend         what was spent in it, and what will be
looking       budgets are looked at: what is in alarm, which actions are due
telling       who is told of it
actions       policies are attached, and taken back
"""
