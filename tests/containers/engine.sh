#!/usr/bin/env bash
# Starts a container engine (podman) that serves the Docker API, and gives it an image with redis-server, made from Debian's packages because no
# image registry is needed that way. Prints the lines to export. Needs root, podman, runc, iptables and debootstrap.
set -euo pipefail
work=${1:-$(mktemp -d)}
mkdir -p "$work"
socket=$work/podman.sock
cat > "$work/containers.conf" <<CONF
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=20000:20000"]
[engine]
runtime = "runc"
CONF
export CONTAINERS_CONF=$work/containers.conf
if ! podman image exists chaos/redis:7; then
  debootstrap --variant=minbase --include=redis-server bookworm "$work/root" >"$work/debootstrap.log" 2>&1 || { tail -n 5 "$work/debootstrap.log" >&2; exit 1; }
  tar -C "$work/root" -c . | podman import - chaos/redis:7 >/dev/null
  rm -rf "$work/root"
fi
nohup podman system service --time=0 "unix://$socket" >"$work/service.log" 2>&1 </dev/null &
for _ in $(seq 1 100); do
  [ -S "$socket" ] && break
  sleep 0.1
done
[ -S "$socket" ] || { tail -n 5 "$work/service.log" >&2; exit 1; }
echo "export DOCKER_HOST=unix://$socket TESTCONTAINERS_RYUK_DISABLED=true TESTCONTAINERS_HOST_OVERRIDE=127.0.0.1 CHAOS_REDIS_IMAGE=chaos/redis:7"
