"""Other people's servers: Meta, queues, sockets, files and secrets."""
