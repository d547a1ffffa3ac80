"""DynamoDB in, domain objects out."""
