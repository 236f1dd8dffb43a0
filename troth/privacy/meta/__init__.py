"""What Meta passes on for its people: "delete what this app has of me", "I have taken the app's access away".

Owns: the proof that such a call is Meta's, and that each is taken once.
Never: looks for a person by what Meta says; the id means something within one app only. A case is opened instead.
Start here: signed.py, then views.py.
"""
