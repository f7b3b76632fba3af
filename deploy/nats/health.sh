#!/bin/sh
# Whether the event server serves. One whose write has failed says so until it is started again, also
# when the disk that was full has room (2.12): after six seconds of it the server is ended, and the
# engine starts it anew. With a disk that stays full that changes nothing: it stores nothing either way.
set -eu

ask() {
    printf 'GET /healthz HTTP/1.0\r\n\r\n' | nc -w 3 127.0.0.1 8222 || echo "nobody answers"
}

said=$(ask)
case $said in
    *" 200 OK"*) exit 0 ;;
esac
for _ in 1 2 3; do
    case $said in
        *"write error"*) sleep 2 ;;
        *) echo "$said" && exit 1 ;;
    esac
    said=$(ask)
done
echo "ended, to be started again: $said"
# The first process of the container passes it on.
kill -TERM 1
exit 1
