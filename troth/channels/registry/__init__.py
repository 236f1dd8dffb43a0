"""The one place that knows which adapters there are."""

from troth.channels.cloud.blocks import Blocked, BlockList
from troth.channels.cloud.catalog import Products
from troth.channels.cloud.checks import Check
from troth.channels.cloud.face import PROFILE_CHARS_MAX as FACE_CHARS_MAX
from troth.channels.cloud.face import Face, username_fits
from troth.channels.cloud.face import Link as FaceLink
from troth.channels.cloud.flows import Flows, Screen
from troth.channels.cloud.health import Health
from troth.channels.cloud.meanings import Meaning
from troth.channels.cloud.media import Fetched, Given
from troth.channels.cloud.signup import Found, SignedUp
from troth.channels.cloud.templates import PAGES_MAX as TEMPLATE_PAGES_MAX
from troth.channels.cloud.templates import Listed
from troth.channels.cloud.versions import Difference
from troth.channels.registry.asking import trusted_hosts
from troth.channels.registry.catalog import catalog_products
from troth.channels.registry.connections import ask, ask_health, explain_check, leave
from troth.channels.registry.faces import change_face, explain_face, face, link_by_code
from troth.channels.registry.files import fetch, give
from troth.channels.registry.flows import flow_screen, flows
from troth.channels.registry.meanings import closes_window, explain, meaning, meanings, person_fact
from troth.channels.registry.people import change_blocks, explain_block, list_blocks, tell_of_codes, tell_read
from troth.channels.registry.sending import (
    Credentials,
    Senders,
    declare_hosts,
    parse_delivery,
    refusal_of,
    verify_delivery,
)
from troth.channels.registry.signup import (
    SIGNUP_CODES,
    ask_phone,
    explain_registering,
    explain_signup,
    register_number,
    sign_up,
    signup_url,
)
from troth.channels.registry.templates import (
    archive_template,
    archives_from,
    delete_template,
    explain_template,
    may_archive,
    submit_template,
    templates_page,
    upload_sample,
)
from troth.channels.registry.uploads import upload
from troth.channels.registry.versions import try_version

__all__ = [
    "FACE_CHARS_MAX",
    "SIGNUP_CODES",
    "TEMPLATE_PAGES_MAX",
    "BlockList",
    "Blocked",
    "Check",
    "Credentials",
    "Difference",
    "Face",
    "FaceLink",
    "Fetched",
    "Flows",
    "Found",
    "Given",
    "Health",
    "Listed",
    "Meaning",
    "Products",
    "Screen",
    "Senders",
    "SignedUp",
    "archive_template",
    "archives_from",
    "ask",
    "ask_health",
    "ask_phone",
    "catalog_products",
    "change_blocks",
    "change_face",
    "closes_window",
    "declare_hosts",
    "delete_template",
    "explain",
    "explain_block",
    "explain_check",
    "explain_face",
    "explain_registering",
    "explain_signup",
    "explain_template",
    "face",
    "fetch",
    "flow_screen",
    "flows",
    "give",
    "leave",
    "link_by_code",
    "list_blocks",
    "may_archive",
    "meaning",
    "meanings",
    "parse_delivery",
    "person_fact",
    "refusal_of",
    "register_number",
    "sign_up",
    "signup_url",
    "submit_template",
    "tell_of_codes",
    "tell_read",
    "templates_page",
    "trusted_hosts",
    "try_version",
    "upload",
    "upload_sample",
    "username_fits",
    "verify_delivery",
]
