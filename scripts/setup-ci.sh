#!/usr/bin/env bash
# npm run setup:ci: the programs that tests and benches run against, from Debian's packages.
# Skips what is there. Elsewhere than on Debian or Ubuntu it says what to install by hand.
set -euo pipefail

has() { command -v "$1" > /dev/null 2>&1; }
has_postgres() { has pg_ctl || compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' > /dev/null; }
has_chromium() { has chromium || has chromium-browser || has google-chrome; }
has_nginx() { has nginx || [ -x /usr/sbin/nginx ]; }

wanted=()
has_chromium && echo 'chromium: is there' || wanted+=(chromium)
has_nginx && echo 'nginx: is there' || wanted+=(nginx-light)
has_postgres && echo 'postgresql: is there' || wanted+=(postgresql)
has prometheus && echo 'prometheus: is there' || wanted+=(prometheus)
has prometheus-alertmanager && echo 'prometheus-alertmanager: is there' || wanted+=(prometheus-alertmanager)
[ ${#wanted[@]} -eq 0 ] && exit 0

if ! has apt-get; then
  echo "Install these by hand: ${wanted[*]}"
  echo 'Tests that need one of them say so and are skipped.'
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! has sudo; then
    echo "Not root, and no sudo. Install these by hand: ${wanted[*]}"
    exit 0
  fi
  as_root=(sudo)
fi

# Tests start their own servers on ports of their own; Debian would start nginx on port 80 and PostgreSQL on 5432.
policy=/usr/sbin/policy-rc.d
made_policy=no
if [ ! -e "$policy" ]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" > /dev/null
  "${as_root[@]}" chmod +x "$policy"
  made_policy=yes
fi
remove_policy() { if [ "$made_policy" = yes ]; then "${as_root[@]}" rm -f "$policy"; fi; }
trap remove_policy EXIT

echo "installing: ${wanted[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
  apt-get install -y -qq --no-install-recommends "${wanted[@]}" > /dev/null
echo "installed: ${wanted[*]}"
