"""`python -m supervision api | worker | all | migrate | bootstrap | openapi`."""

import sys

from servicekit.cli import Service, main
from servicekit.messaging.bootstrap import Durables

from supervision.main import MIGRATIONS, build
from supervision.settings import Settings
from supervision.worker import CONSUMES, build_worker

sys.exit(
    main(
        Service(
            name="supervision",
            load_settings=Settings.load,
            build_app=build,
            build_worker=build_worker,
            migrations=MIGRATIONS,
            durables=Durables(publisher="supervision", consumes=CONSUMES),
        )
    )
)
