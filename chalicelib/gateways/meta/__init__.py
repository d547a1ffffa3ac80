"""Meta's wire: webhooks read, Graph API called."""
