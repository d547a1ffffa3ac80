"""What an agent, a contact or the clock can make happen: load, decide, commit."""
