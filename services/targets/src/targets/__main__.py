"""`python -m targets api | worker | all | migrate | bootstrap | openapi`."""

import sys

from servicekit.cli import Service, main
from servicekit.messaging.bootstrap import Durables

from targets.main import MIGRATIONS, build
from targets.settings import Settings
from targets.worker import CONSUMES, build_worker

sys.exit(
    main(
        Service(
            name="targets",
            load_settings=Settings.load,
            build_app=build,
            build_worker=build_worker,
            migrations=MIGRATIONS,
            durables=Durables(publisher="targets", consumes=CONSUMES),
        )
    )
)
