"""How Troth looks: the shell, components, styles, behaviours, icons, and the slots into which upper apps register.

Owns: base templates, styles, scripts, the icon sprite, the form renderer, rendering of customers' text.
Never: runs a query, knows a workspace or a customer.
Start here: templates/ui/base.html, static/ui/css/tokens.css, slots.py.
"""
