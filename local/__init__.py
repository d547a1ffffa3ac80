"""The whole product on one machine: emulator, simulator of Meta, page."""
