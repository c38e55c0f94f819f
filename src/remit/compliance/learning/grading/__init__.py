"""Grading: predicates over a tenant, its trail, what the engine says of it, and what the learner says.

criteria        the forms that labs write
tenant          what is looked at
grading         all criteria of a lab
state, history  (1) what is there, (2) what was done
asking          (3) proofs and (4) regression, by the engine
reaching        who comes to administer an account
answers         what learners say
judges          the rest, by name
"""
