LOGGING: dict[str, object] = {"version": 1}
