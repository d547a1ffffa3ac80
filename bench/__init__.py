"""How fast and how dear the desk is, beside its floor and the budgets of docs/performance.md."""
