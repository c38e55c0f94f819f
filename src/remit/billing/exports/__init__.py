"""What goes out of a ledger's month: CUR 2.0 and FOCUS 1.2 as Parquet and CSV, and the invoice as PDF and CSV.

The same month gives the same bytes.
"""
