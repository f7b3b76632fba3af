#!/usr/bin/env bash
# From an unpacked bundle: ./install.sh PUBLIC-KEY [DIRECTORY]. Verifies the signature and every file,
# loads the images, and brings the product up in DIRECTORY (/opt/kechuang); one that runs there
# already is upgraded without a stop. Needs Docker with Compose, and openssl; no network.
set -euo pipefail
[ $# -ge 1 ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
key=$(realpath "$1")
to=${2:-/opt/kechuang}
cd "$(dirname "$0")"

say() { printf '==> %s\n' "$*"; }

openssl pkeyutl -verify -rawin -pubin -inkey "$key" -in SHA256SUMS -sigfile SHA256SUMS.sig > /dev/null \
    || { echo "the signature is not of this key: nothing was installed" >&2; exit 1; }
sha256sum --check --quiet --strict SHA256SUMS \
    || { echo "a file is not as it was signed: nothing was installed" >&2; exit 1; }
# What is not in the list was not signed either.
extra=$(comm -23 <(find . -type f ! -name 'SHA256SUMS*' | sort) <(cut -c 67- SHA256SUMS | sort))
[ -z "$extra" ] || { printf 'not signed: %s\nnothing was installed\n' "$extra" >&2; exit 1; }
say "signature and $(wc -l < SHA256SUMS) files are right"

gunzip -c images/images.tar.gz | docker load --quiet > /dev/null
while read -r image id; do
    [ "$(docker image inspect --format '{{.Id}}' "$image")" = "$id" ] \
        || { echo "$image is not the image of the bundle" >&2; exit 1; }
done < images/list
say "$(wc -l < images/list) images"

mkdir -p "$to"
cp -r docker-compose.yml deploy docs sbom README.md LICENSE "$to"
# The site's own settings stay; the version is the bundle's.
touch "$to/.env"
{ grep -v '^KECHUANG_\(VERSION\|REGISTRY\)=' "$to/.env" || true; cat .env; } > "$to/.env.new"
mv "$to/.env.new" "$to/.env"
cd "$to"
set -a
# shellcheck source=/dev/null
. ./.env
set +a
export KECHUANG_SECRETS=${KECHUANG_SECRETS:-$to/deploy/secrets}
mkdir -p "$KECHUANG_SECRETS"
docker run --rm --network none --read-only --cap-drop ALL --user "$(id -u):$(id -g)" \
    --volume "$KECHUANG_SECRETS:/secrets" "$KECHUANG_REGISTRY/console:$KECHUANG_VERSION" secrets /secrets

if [ -n "$(docker compose ps --quiet gateway)" ]; then
    bash deploy/upgrade.sh
else
    docker compose up --no-build --pull never --wait --wait-timeout "${PATIENCE:-900}"
fi
say "API http://${KECHUANG_LISTEN:-127.0.0.1}:${KECHUANG_PORT:-8000}/api/v1"
