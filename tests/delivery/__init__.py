"""What is handed over, looked over by the tools of deploy/tools.lock: `make lint-deploy`."""
