"""Price lists: what a unit of usage costs, at which time, in which tier."""
