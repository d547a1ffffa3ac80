"""The deployed stack, the simulator of Meta and a real browser, together."""
