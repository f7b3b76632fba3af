"""Settings of the targets service; what every service has comes from servicekit."""

from servicekit.settings import Settings as Common


class Settings(Common):
    """`KECHUANG_*` in the environment."""

    service: str = "targets"
