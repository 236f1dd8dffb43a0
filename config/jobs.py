"""Every job and every schedule, on one page. Job arguments are ids only; every job is safe to run twice."""

from importlib import import_module

from procrastinate import App

# name: where the function is. Lower floors defer a job by its name and never import one another for it.
JOBS: dict[str, str] = {
    "mail.deliver": "troth.accounts.delivery.deliver",
    "accounts.sweep": "troth.accounts.sweep.sweep",
    "contacts.rehash": "troth.contacts.rehashing.rehash",
    "deliveries.forget": "troth.ingest.digest.forget_old",
    "inbox.digests": "troth.inbox.digests.send_digests",
    "usage.forget": "troth.privacy.browser.usage.storing.forget_old",
    "changes.give_up": "troth.inbox.receive.waiting.give_up",
    "receipts.read": "troth.inbox.receipts.tell_read",
    "receipts.typing": "troth.inbox.receipts.tell_typing",
    "scheduled.send": "troth.inbox.saying.scheduling.send_due",
    "templates.sync": "troth.channels.syncing.sync",
    "templates.sync_all": "troth.channels.syncing.sync_all",
    "files.fetch": "troth.inbox.files.fetching.fetch",
    "files.hand": "troth.inbox.files.handing.hand",
    "files.tend": "troth.inbox.files.tending.tend",
    "files.sweep": "troth.inbox.files.sweeping.sweep",
    "channels.ask_health": "troth.channels.health.ask",
    "channels.ask_health_of_all": "troth.channels.health.ask_all",
    "channels.ask_phone": "troth.channels.phone_sync.ask",
    "channels.settle": "troth.channels.settling.settle",
    "channels.tell_changes": "troth.channels.alerts.tell_changes",
    "anchors.write": "troth.audit.anchors.write_anchors",
    "anchors.mail": "troth.support.jobs.mail_anchors",
    "support.keep_promises": "troth.support.jobs.keep_promises",
    "support.clocks": "troth.support.clocks.wind",
    "erasures.purge": "troth.privacy.forgetting.purge.sweep",
    "retention.purge": "troth.privacy.forgetting.retention.sweep",
    "cases.take_in": "troth.privacy.rights.whatsapp.take_in",
    "cases.clocks": "troth.privacy.rights.clocks.wind",
    "exports.make": "troth.privacy.rights.exports.job.make",
    "exports.make_personal": "troth.privacy.rights.exports.job.make_personal",
    "exports.tend": "troth.privacy.rights.exports.job.tend",
    "imports.restore": "troth.privacy.rights.imports.job.restore",
    "imports.tend": "troth.privacy.rights.imports.job.tend",
    "policy.announce": "troth.privacy.policy.notices.announce",
    "probes.ask": "troth.privacy.policy.asking.ask_all",
    "backups.forget": "config.backup.rotation.forget_old",
}

# name: for what (`troth.base.registry.Purpose`, space-separated). A job reads tables of these purposes and no others.
PURPOSES: dict[str, str] = {
    "mail.deliver": "notice access",
    "accounts.sweep": "access security notice",
    "contacts.rehash": "people",
    "deliveries.forget": "talk",
    "inbox.digests": "talk notice team access people connect",
    "usage.forget": "improve",
    "changes.give_up": "talk",
    "receipts.read": "talk connect",
    "receipts.typing": "talk connect",
    "scheduled.send": "talk people connect team access notice",
    "templates.sync": "connect",
    "templates.sync_all": "connect",
    "files.fetch": "talk connect run",
    "files.hand": "talk connect run",
    "files.tend": "talk run",
    "files.sweep": "talk team run",
    "channels.ask_health": "connect notice team access",
    "channels.ask_health_of_all": "connect",
    "channels.ask_phone": "connect",
    "channels.settle": "connect",
    "channels.tell_changes": "connect notice team access",
    "anchors.write": "security",
    "anchors.mail": "security notice team access",
    "support.keep_promises": "support security rights notice team access",
    "support.clocks": "support security rights notice access",
    "erasures.purge": "rights talk people team access connect security support notice improve",
    "retention.purge": "rights talk security",
    "cases.take_in": "rights talk people connect team access notice security",
    "cases.clocks": "rights team access notice security",
    "exports.make": "rights talk people team access connect security support notice improve",
    "exports.make_personal": "rights team access security support notice",
    "exports.tend": "rights security",
    "imports.restore": "rights talk people team access connect security support notice",
    "imports.tend": "rights",
    "policy.announce": "notice access rights",
    "probes.ask": "rights talk access notice security",
    "backups.forget": "run",
}

# name: when (cron, UTC).
SCHEDULES: dict[str, str] = {
    "accounts.sweep": "*/10 * * * *",
    "contacts.rehash": "37 * * * *",
    "deliveries.forget": "17 * * * *",
    "inbox.digests": "5 * * * *",
    "usage.forget": "29 3 * * *",
    "changes.give_up": "43 3 * * *",
    "scheduled.send": "* * * * *",
    "templates.sync_all": "11 4 * * *",
    "files.tend": "* * * * *",
    "files.sweep": "47 3 * * *",
    "channels.ask_health_of_all": "37 4 * * *",
    "anchors.write": "7 * * * *",
    "anchors.mail": "11 5 * * *",
    "support.keep_promises": "*/5 * * * *",
    "support.clocks": "*/15 * * * *",
    "erasures.purge": "7 * * * *",
    "retention.purge": "27 * * * *",
    "cases.clocks": "*/15 * * * *",
    "exports.tend": "*/2 * * * *",
    "imports.tend": "*/2 * * * *",
    "policy.announce": "*/15 * * * *",
    "probes.ask": "23 * * * *",
    "backups.forget": "29 * * * *",
}


def on_app_ready(app: App) -> None:
    """Tell the queue what it can run. Called by Procrastinate when Django is ready."""
    for name, place in JOBS.items():
        module, _, function = place.rpartition(".")
        task = app.task(name=name, queue="jobs", pass_context=False)(getattr(import_module(module), function))
        if name in SCHEDULES:
            app.periodic(cron=SCHEDULES[name])(task)
