"""How Troth is put together on one machine: settings, addresses, the processes and where their data lies."""
