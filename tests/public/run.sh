#!/bin/bash
# run.sh SCRIPT: runs scripts/public-drivers on the folder that the environment names.
set -euo pipefail
if [[ -z ${GPIOCLX_PUBLIC_DRIVERS:-} ]]; then
  echo "not run here: GPIOCLX_PUBLIC_DRIVERS names no folder with public drivers"
  exit 77
fi
exec "$1" "$GPIOCLX_PUBLIC_DRIVERS"
