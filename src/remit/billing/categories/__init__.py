"""Cost categories: names that an organization gives its costs, by rules."""
