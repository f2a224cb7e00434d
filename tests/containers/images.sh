#!/usr/bin/env bash
# Makes the images of docker-compose.yml without an image registry: the last stages of the Dockerfile, but for their base, which is the Debian that engine.sh
# has made, and for the program, which images.yml mounts from where it was built. User, entry point and arguments are the Dockerfile's.
set -euo pipefail
cd "$(dirname "$0")/../.."
for stage in proxy gateway; do
  awk -v stage="$stage" '/^FROM / { on = $NF == stage } on' Dockerfile |
    sed -E 's#^FROM .*#FROM chaos/redis:7\nENV PATH=/usr/share/dotnet:/usr/bin:/bin DOTNET_ROOT=/usr/share/dotnet DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 APP_UID=1654#; /^COPY /d' |
    podman build -q -t "chaos/$stage:test" -f - .  >/dev/null
done
