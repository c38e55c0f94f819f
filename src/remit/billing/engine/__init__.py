"""One month of one payer, step by step, as reference section 2 orders the steps."""
