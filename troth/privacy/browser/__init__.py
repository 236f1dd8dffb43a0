"""What happens in people's browsers and what we count of it.

Owns: the cookie page and the question about cookies, the guard over answers' cookies, usage counters, the child report.
Never: leaves anything in a browser that is not declared, or counts a person.
Start here: views/cookies.py, usage/__init__.py.
"""
