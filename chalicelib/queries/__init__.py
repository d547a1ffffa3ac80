"""What a screen asks, already narrowed by access."""
