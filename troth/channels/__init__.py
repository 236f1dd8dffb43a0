"""The wires: one channel is one connected number.

Owns: channels, who may see them, templates, the contract, the adapters.
Never: knows conversations.
Start here: contract/, then models/channel.py.
"""
