"""`python -m funding api | worker | all | migrate | bootstrap | openapi`."""

import sys

from servicekit.cli import Service, main
from servicekit.messaging.bootstrap import Durables

from funding.main import MIGRATIONS, build
from funding.settings import Settings
from funding.worker import CONSUMES, build_worker

sys.exit(
    main(
        Service(
            name="funding",
            load_settings=Settings.load,
            build_app=build,
            build_worker=build_worker,
            migrations=MIGRATIONS,
            durables=Durables(publisher="funding", consumes=CONSUMES),
        )
    )
)
