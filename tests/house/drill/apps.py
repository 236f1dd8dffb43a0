from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "tests.house.drill"
    label = "drill"

    def ready(self) -> None:
        from tests.house.drill.forgetting import replay_tombstones  # noqa: PLC0415  # models are ready only now
        from troth.base.tombstones import register_replayer  # noqa: PLC0415

        register_replayer(replay_tombstones)
