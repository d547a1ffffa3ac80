"""The template, its packaging and its deployment."""
