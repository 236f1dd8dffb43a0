"""Every job and every schedule, on one page. Job arguments are ids only; every job is safe to run twice."""

from importlib import import_module

from procrastinate import App

# name: where the function is. Lower floors defer a job by its name and never import one another for it.
JOBS: dict[str, str] = {
    "mail.deliver": "troth.accounts.delivery.deliver",
    "accounts.sweep": "troth.accounts.sweep.sweep",
    "deliveries.forget": "troth.ingest.digest.forget_old",
    "changes.give_up": "troth.inbox.receive.waiting.give_up",
    "cases.take_in": "troth.privacy.rights.whatsapp.take_in",
    "cases.clocks": "troth.privacy.rights.clocks.wind",
    "exports.make": "troth.privacy.rights.exports.job.make",
    "exports.make_personal": "troth.privacy.rights.exports.job.make_personal",
    "exports.tend": "troth.privacy.rights.exports.job.tend",
    "imports.restore": "troth.privacy.rights.imports.job.restore",
    "imports.tend": "troth.privacy.rights.imports.job.tend",
}

# name: when (cron, UTC).
SCHEDULES: dict[str, str] = {
    "accounts.sweep": "*/10 * * * *",
    "deliveries.forget": "17 * * * *",
    "changes.give_up": "43 3 * * *",
    "cases.clocks": "*/15 * * * *",
    "exports.tend": "*/2 * * * *",
    "imports.tend": "*/2 * * * *",
}


def on_app_ready(app: App) -> None:
    """Tell the queue what it can run. Called by Procrastinate when Django is ready."""
    for name, place in JOBS.items():
        module, _, function = place.rpartition(".")
        task = app.task(name=name, queue="jobs", pass_context=False)(getattr(import_module(module), function))
        if name in SCHEDULES:
            app.periodic(cron=SCHEDULES[name])(task)
