"""What an organization's control policies come to for whom: expectations of it, and what a change would change.

expectations    the form of a file for `remit org check`
places          which accounts a unit, path, id or name means
people          who is asked in an account: those who are there, and those who are imagined
alike           which accounts and people get the same answer, so that one is asked for all
asking          the engine asked, each question once
levels          which policy at which level of the tree decides
checking        expectations held against the answers
planning        answers before and after a change
"""
