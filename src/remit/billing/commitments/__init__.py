"""What was promised ahead: reservations, Savings Plans, capacity; who shares them."""
