"""`python -m port`: be the gateway."""

from port.front import main

main()
