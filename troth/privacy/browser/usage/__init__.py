"""What is counted of a workspace: which parts of the product it uses, by day. Shown to it whole, and switched off by it."""
