"""What proves it, cheapest first."""
