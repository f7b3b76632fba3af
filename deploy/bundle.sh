#!/usr/bin/env bash
# One archive for a site without a network: images, compose file, plan, docs, bills of material,
# checksums and a signature. BUNDLE_KEY is a private key (PEM, Ed25519); the site has its public half
# by another way: openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout
# Run by `make bundle`, which builds the images first.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${BUNDLE_KEY:?the file of the key that signs the bundle; see deploy/bundle.sh}"
version=${KECHUANG_VERSION:-0.1.0}
name=kechuang-$version
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
there=$work/$name
mkdir -p "$there/images" "$there/sbom" build

git archive HEAD docker-compose.yml deploy docs README.md LICENSE | tar -x -C "$there"
rm -rf "$there/deploy/local" "$there/deploy/console"
cp deploy/install.sh "$there/install.sh"
cp -r build/sbom/. "$there/sbom"
# What is pinned here is what was built and tried together.
cat > "$there/.env" <<END
KECHUANG_VERSION=$version
KECHUANG_REGISTRY=${KECHUANG_REGISTRY:-kechuang}
END

: > "$there/images/list"
while read -r image; do
    if ! id=$(docker image inspect --format '{{.Id}}' "$image" 2> /dev/null); then
        echo "==> not in the bundle, because it is not on this host: $image"
        continue
    fi
    echo "$image $id" >> "$there/images/list"
done < <(docker compose --profile '*' config --images | sort -u)
# A site without these has nothing.
for needed in gateway targets funding parks supervision console door postgres nats; do
    grep -q "^\([^ ]*/\)\?$needed:" "$there/images/list" || { echo "no image of $needed: make images" >&2; exit 1; }
done
cut -d ' ' -f 1 "$there/images/list" | xargs docker save | gzip -1 > "$there/images/images.tar.gz"

(cd "$there" && find . -type f ! -name 'SHA256SUMS*' -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
openssl pkeyutl -sign -rawin -inkey "$BUNDLE_KEY" -in "$there/SHA256SUMS" -out "$there/SHA256SUMS.sig"
tar -C "$work" -cf "build/$name.tar" --sort=name --owner=0 --group=0 --numeric-owner "$name"
echo "==> build/$name.tar: $(du -h "build/$name.tar" | cut -f 1), $(wc -l < "$there/images/list") images"
