"""`python -m parks api | worker | all | migrate | bootstrap | openapi`."""

import sys

from servicekit.cli import Service, main
from servicekit.messaging.bootstrap import Durables

from parks.main import MIGRATIONS, build
from parks.settings import Settings
from parks.worker import CONSUMES, build_worker

sys.exit(
    main(
        Service(
            name="parks",
            load_settings=Settings.load,
            build_app=build,
            build_worker=build_worker,
            migrations=MIGRATIONS,
            durables=Durables(publisher="parks", consumes=CONSUMES),
        )
    )
)
