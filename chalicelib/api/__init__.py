"""HTTP words to a command or a query, and back."""
