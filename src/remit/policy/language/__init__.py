"""What a policy says: documents, patterns, operators, variables, layers. Every backend reads it; none reads another."""
