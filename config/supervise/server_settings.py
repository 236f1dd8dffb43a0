"""The server's settings: what we promise and nobody may undo, and what an operator may tune."""

# Given on the command line at every start, so that no file overrides them.
PROMISED = {
    "listen_addresses": "",  # the socket in our private folder is the only door
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    # Nothing that a customer wrote may reach a log. Even an error's first line quotes values ("invalid input syntax
    # for type uuid: ..."), so errors of statements stay with the program that made them.
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    # One file a weekday, overwritten a week later.
    "logging_collector": "on",
    "log_directory": "../log",
    "log_filename": "postgresql-%a.log",
    "log_file_mode": "0600",
    "log_rotation_age": "1d",
    "log_rotation_size": "0",
    "log_truncate_on_rotation": "on",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "cluster_name": "troth",
}

# Written once into the data folder's postgresql.conf, where an operator may change them.
TUNABLE = {
    "max_connections": "60",
    "shared_buffers": "128MB",
    "effective_cache_size": "1GB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "max_wal_size": "1GB",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",  # costs more than it wins on short queries
    "idle_in_transaction_session_timeout": "10min",
}

# For databases that are thrown away: quicker, and lost when the machine stops. A killed server loses nothing even so.
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    # Tests take back what they did: rows that nobody will see pile up by the ten thousand, and every question reads past them.
    "autovacuum_naptime": "15s",
    "autovacuum_vacuum_cost_delay": "0",
}


def flags(settings: dict[str, str]) -> list[str]:
    """Turn settings into arguments for the server's command line."""
    return [argument for name, value in settings.items() for argument in ("-c", f"{name}={value}")]
