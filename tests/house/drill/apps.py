from django.apps import AppConfig


class DrillConfig(AppConfig):
    name = "tests.house.drill"
    label = "drill"
    default = True

    def ready(self) -> None:
        from tests.house.drill.forgetting import forget_media_again  # noqa: PLC0415  # models are ready only now
        from troth.base.tombstones import register_replayer  # noqa: PLC0415

        register_replayer(forget_media_again)


class NobodyConfig(AppConfig):
    """Comes last and takes away whoever forgets again."""

    name = "tests.house.drill"
    label = "drill_nobody"

    def ready(self) -> None:
        from troth.base import tombstones  # noqa: PLC0415  # models are ready only now

        tombstones._replayers.clear()
