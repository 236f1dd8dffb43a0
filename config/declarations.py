"""What the tables of libraries hold, field by field, for the data registry. Loaded when the apps are ready (`DATA_DECLARATIONS`)."""

from troth.base.registry import declare

declare(
    "account.EmailAddress",
    subject="member",
    reach="user",
    purpose="access",
    keep="account",
    export="addresses",
    account="email",
    ops="id user verified primary",
    clear={"email": "the sign-in address: needed to find the account and to write to it"},
)
# Addresses are proven by codes that live in the sealed session; this table of the library stays empty.
declare(
    "account.EmailConfirmation",
    subject="member",
    reach="email_address__user",
    purpose="access",
    keep="minutes",
    unexported="always empty",
    secret="key",  # noqa: S106  # a kind of data
    ops="id email_address created sent",
    clear={"key": "never written"},
)
declare(
    "mfa.Authenticator",
    subject="member",
    reach="user",
    purpose="access",
    keep="account",
    export="second factors",
    secret="data",  # noqa: S106  # a kind of data
    ops="id user type created_at last_used_at",
    clear={"data": "JSON of the library; its secrets and names are sealed inside, public keys of passkeys are clear"},
)
declare("auth.Permission", subject="none", purpose="run", keep="system", ops="id name content_type codename")
declare("auth.Group", subject="none", purpose="run", keep="system", ops="id name permissions")
declare("auth.Group_permissions", subject="none", purpose="run", keep="system", ops="id group permission")
declare("contenttypes.ContentType", subject="none", purpose="run", keep="system", ops="id app_label model")
declare(
    "procrastinate.ProcrastinateJob",
    subject="none",
    purpose="run",
    keep="system",
    ops="id queue_name task_name priority lock args status scheduled_at attempts queueing_lock abort_requested worker",
)
declare("procrastinate.ProcrastinateEvent", subject="none", purpose="run", keep="system", ops="id job type at")
declare(
    "procrastinate.ProcrastinatePeriodicDefer",
    subject="none",
    purpose="run",
    keep="system",
    ops="id task_name defer_timestamp job periodic_id",
)
declare("procrastinate.ProcrastinateWorker", subject="none", purpose="run", keep="system", ops="id last_heartbeat")
