"""Other ways of taking webhooks, each as good as its kind allows, on the same database server as the product."""
