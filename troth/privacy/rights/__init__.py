"""What people may ask about their data, and how it is done.

Owns: cases with their clocks, the ways in (app, mail, phone, WhatsApp), the status page, exports, imports of exports.
Never: forgets anybody itself (that is `forgetting`), acts on a mail alone, or names data by hand: the registry does.
Start here: cases.py (what was asked), exports/job.py (what is handed out), imports/job.py (what comes back in).
"""
