#!/usr/bin/env bash
# Whether the door answers and knows a gateway that is ready.
set -eu
exec 3<> /dev/tcp/127.0.0.1/8000
printf 'GET /door HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
test "$status" = 200
