"""A month billed over columns, as `engine.month` bills it piece by piece: ten million records in a minute.

Sums, comparisons and products are exact decimals of the columnar engine; what needs a division is few, and done with
whole numbers. What this way cannot do it says (`Unsuited`), and `engine.month` does it.
"""
