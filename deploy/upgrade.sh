#!/usr/bin/env bash
# Brings a running installation to the images of KECHUANG_VERSION, without a stop: first the
# databases, which only grow, then process by process a new one beside the old, which goes when the
# new one serves. The way back is the same with the version before. docs/for-ops.md tells more.
set -euo pipefail
cd "$(dirname "$0")/.."

PATIENCE=${PATIENCE:-300}
SERVICES=(targets funding parks supervision)

say() { printf '==> %s\n' "$*"; }

# roll SERVICE: a second one from the new image, and the end of the first once it is healthy.
roll() {
    local service=$1 old new
    mapfile -t old < <(docker compose ps --quiet "$service")
    if [ "${#old[@]}" = 0 ]; then
        docker compose up --detach --no-deps --wait --wait-timeout "$PATIENCE" "$service"
        return
    fi
    if [ "$(docker inspect --format '{{.Image}}' "${old[@]}" | sort -u)" = "$(image_of "$service")" ]; then
        say "$service is what it should be"
        return
    fi
    say "$service: another one beside it"
    if ! docker compose up --detach --no-deps --no-recreate --wait --wait-timeout "$PATIENCE" \
        --scale "$service=$((${#old[@]} * 2))" "$service"; then
        mapfile -t new < <(docker compose ps --all --quiet "$service" \
            | grep --invert-match --line-regexp --fixed-strings "$(printf '%s\n' "${old[@]}")")
        docker compose logs --tail 20 "$service" >&2
        docker rm --force "${new[@]}" > /dev/null
        echo "$service does not serve at this version; the old one goes on." >&2
        echo "What was moved before it goes back by: KECHUANG_VERSION=<the one before> $0" >&2
        return 1
    fi
    docker stop "${old[@]}" > /dev/null
    docker rm "${old[@]}" > /dev/null
}

image_of() {
    docker image inspect --format '{{.Id}}' "$(docker compose config --images "$1" | grep -m 1 "/${1%-worker}:")"
}

say "the databases"
for service in "${SERVICES[@]}" gateway; do
    docker compose run --rm --no-deps "$service-migrate"
done
# Its grants are this release's from now on; callers need it for nothing, events wait for seconds.
say "the event server"
docker compose up --detach --no-deps --force-recreate --wait --wait-timeout "$PATIENCE" nats
# Who hears comes before who tells; the gateways, which ask the others, come last.
docker compose up --detach --no-deps --wait --wait-timeout "$PATIENCE" streams
for service in "${SERVICES[@]}"; do roll "$service-worker"; done
for service in "${SERVICES[@]}"; do roll "$service"; done
roll gateway
docker compose up --detach --no-deps --wait --wait-timeout "$PATIENCE" console
say "upgraded to ${KECHUANG_VERSION:-the version of the compose file}"
