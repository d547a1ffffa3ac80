"""What is true at the desk: no clock, no network, no AWS, no environment."""
