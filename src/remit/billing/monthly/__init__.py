"""A month billed for real: what the store, the price lists and the ledger know goes in, the ledger's lines come out."""
