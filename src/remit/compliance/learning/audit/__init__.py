"""The tenant of course A5 and of the exam: twelve accounts in order, seventeen faults planted, claims judged.

faults    what kinds of faults there are, how each is seen, and whether one is there
planting  the tenant, and the faults in it
claims    what learners claim, held against the tenant and its trail
"""
