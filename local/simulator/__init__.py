"""Meta's side of WhatsApp, for development and tests: Graph API, webhooks and a phone page."""
