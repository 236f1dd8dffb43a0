"""Whose phones there are from the start, and what was said on them: a small flower shop's, and its driver's."""

from typing import Any

Wish = dict[str, Any]

SHOP: list[Wish] = [
    {
        "name": "Farah Aziz",
        "called": "Farah 🌺",
        "number": "60115550711",
        "minutes_ago": 4,
        "unread": 2,
        "lines": [
            {"text": "Hi Mei! Do you still have the sunflowers from last week?"},
            {"mine": True, "text": "We do, about twenty stems. How many would you like?"},
            {"text": "All of them 😄", "quotes": 1, "reactions": [["😂", ""]]},
            {"text": "For a birthday on Sunday. Could you wrap them in two bunches?"},
            {"text": "And a card please"},
        ],
        "answers": ["Perfect, thank you!", "What do I owe you?", "Paid just now 🙏", "See you on Sunday morning!"],
        "later": ["One more thing: can the card be in Malay?"],
    },
    {
        "group": "Wedding 12 December 💐",
        "minutes_ago": 11,
        "unread": 1,
        "members": [
            {"name": "Grace Lim", "called": "Grace", "number": "60115550712"},
            {"name": "", "called": "Uncle Raj", "number": "60115550713", "lid": "late"},
            {"name": "Ben Carter", "called": "Ben", "number": "447700900715"},
            {"name": "", "called": "Noor", "lid": "known"},
        ],
        "lines": [
            {"kind": "notice", "by": "Grace Lim", "text": "Grace Lim added you"},
            {"by": "Grace Lim", "text": "Welcome Mei! This is where we settle the flowers."},
            {"by": "Uncle Raj", "text": "I only ask for marigolds at the gate 🙏"},
            {"mine": True, "text": "Noted: marigolds at the gate.", "reactions": [["🙏", "Uncle Raj"], ["❤️", "Grace Lim"]]},
            {"by": "Ben Carter", "text": "White roses for the tables, as on the plan?", "quotes": 3},
            {"kind": "poll", "by": "Noor"},
            {"by": "Noor", "text": "I voted for peonies, just so you know"},
        ],
        "answers": ["Lovely 😍", "Agreed!", "Grace, what do you say?"],
        "later": ["Did somebody tell the caterer about the tables?"],
    },
    {
        "name": "Ben Carter",
        "called": "Ben",
        "number": "447700900715",
        "minutes_ago": 38,
        "lines": [
            {"text": "Would something like this work for the arch?", "file": {"kind": "image", "seed": 3}},
            {"mine": True, "text": "Beautiful. We can do it with eucalyptus instead of ivy."},
            {"text": "Eucalyptus is even better, let's do that", "edited": True, "reactions": [["👍", ""]]},
        ],
        "answers": ["Great. How early can you be there?", "Perfect, I'll open the gate at six."],
    },
    {
        "called": "noor.s",
        "minutes_ago": 55,
        "unread": 1,
        "lines": [{"text": "Salam, I got your contact from the market. Do you deliver to Bangsar?"}],
        "answers": ["Wonderful. I would like to order for Friday then.", "Thank you 🌸"],
    },
    {
        "name": "Priya Nair",
        "called": "Priya",
        "number": "60115550716",
        "lid": "late",
        "minutes_ago": 95,
        "lines": [
            {"mine": True, "text": "Hello Priya, the orchids are ready."},
            {"file": {"kind": "voice", "seconds": 6}},
        ],
        "answers": ["Sorry, I was driving 😅 I'll be there at five."],
    },
    {
        "name": "Tomás Rivera",
        "called": "Tomás",
        "number": "34600555718",
        "minutes_ago": 180,
        "lines": [
            {"text": "La factura, como prometí", "file": {"kind": "document", "name": "factura-0271.pdf"}},
            {"text": "Wrong chat, sorry!", "deleted": True},
            {"mine": True, "text": "Recibida, gracias. La pago hoy."},
        ],
        "answers": ["Muchas gracias 🙌"],
    },
    {
        "name": "Grace Lim",
        "called": "Grace",
        "number": "60115550712",
        "minutes_ago": 240,
        "lines": [
            {"text": "This is the hall:"},
            {"place": [3.1209, 101.6538, "Dewan Tunku Canselor"]},
            {"text": "And the caterer, in case you need to talk:"},
            {"cards": [["Hana Catering", "+60 11-5555 0720"]]},
            {"mine": True, "text": "Thank you, I'll call her tomorrow."},
        ],
        "answers": ["You're the best.", "Until tomorrow!"],
    },
    {
        "name": "Hassan Ali",
        "called": "Hassan",
        "number": "447700900721",
        "timer_s": 86_400,
        "minutes_ago": 300,
        "lines": [
            {"text": "The door code is 4471, please don't write it down"},
            {"mine": True, "text": "Of course. I'll be there at nine."},
        ],
        "answers": ["Thanks, Mei."],
    },
    {
        "name": "Yuki Tanaka",
        "called": "Yuki",
        "number": "819055550722",
        "minutes_ago": 420,
        "lines": [{"view_once": True}, {"text": "Only you may see it 🤫"}, {"mine": True, "text": "Congratulations!! 💍"}],
        "answers": ["I'll need a lot of flowers soon!"],
    },
    {
        "called": "Olu",
        "number": "447700900771",
        "lid": "none",
        "minutes_ago": 600,
        "lines": [{"kind": "call"}, {"text": "Tried to call. Is the shop open on Deepavali?"}],
        "answers": ["Ok, thanks!"],
    },
    {
        "name": "Liam O'Connor",
        "called": "Liam",
        "number": "447700900723",
        "minutes_ago": 1_500,
        "lines": [{"mine": True, "text": "Hello Mr O'Connor, Jo gave me your number. I have a question about your greenhouse."}],
    },
    {
        "group": "Drivers 🚐",
        "minutes_ago": 1_700,
        "members": [
            {"name": "Sam Okafor", "called": "Sam", "number": "447700900640"},
            {"name": "Wei Jie", "called": "WJ", "number": "60115550724"},
            {"name": "", "called": "Devi", "number": "60115550725", "lid": "late"},
        ],
        "lines": [
            {"by": "Wei Jie", "text": "Van 2 needs fuel"},
            {"by": "Sam Okafor", "text": "On it", "reactions": [["👍", "Wei Jie"], ["👍", ""]]},
            {"by": "Devi", "file": {"kind": "document", "name": "route-monday.pdf"}},
        ],
        "answers": ["Ok boss", "Got it 👍"],
    },
    {
        "name": "Mum",
        "called": "Lay Choo",
        "number": "60115550726",
        "minutes_ago": 2_000,
        "more": 400,
        "lines": [{"text": "Have you eaten?"}, {"mine": True, "text": "Yes Mum 😊"}],
        "answers": ["Good. Come on Sunday.", "Bring flowers 🌷"],
    },
    {
        "name": "Market stall (old)",
        "number": "60115550727",
        "archived": True,
        "minutes_ago": 60_000,
        "lines": [{"text": "We close the stall at the end of the month."}, {"mine": True, "text": "Thank you for everything."}],
    },
]  # fmt: skip

DRIVER: list[Wish] = [
    {
        "name": "Mei Tan",
        "called": "Mei",
        "number": "60115550661",
        "minutes_ago": 12,
        "lines": [{"text": "Can you take the Bangsar tour today?"}, {"mine": True, "text": "Sure, leaving at two."}],
        "answers": ["Thank you!", "Mind the peonies 😄"],
    },
    {
        "called": "Auntie Rose",
        "number": "60115550731",
        "lid": "late",
        "minutes_ago": 30,
        "unread": 1,
        "lines": [{"text": "I am at home until four."}],
        "answers": ["Ok, ring twice please."],
    },
]

# Ids of phones, their owners and numbers, and what is on them.
DEMO_PHONES: list[tuple[str, str, str, list[Wish]]] = [
    ("mei", "Mei Tan", "60115550661", SHOP),
    ("sam", "Sam Okafor", "447700900640", DRIVER),
]
SMALL_TALK = ("👍", "Thanks!", "Ok, let me think about it.", "One moment please")
