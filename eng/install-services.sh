#!/usr/bin/env bash
# Installs what the local host and the tests start themselves: PostgreSQL with pgvector, Redis, RabbitMQ.
# Does nothing when all is there. No system service is started or enabled.
# Usage: eng/install-services.sh [postgres] [redis] [rabbitmq] [chromium]        (default: the three stores; the browser is for tests)
set -euo pipefail
shopt -s nullglob

minimum_pgvector=0.8.0
wanted=("$@")
((${#wanted[@]})) || wanted=(postgres redis rabbitmq)

say() { printf 'install-services: %s\n' "$*"; }
fail() { printf 'install-services: %s\n' "$@" >&2; exit 1; }

# The PostgreSQL release to use: one that already has pgvector, else the newest that is installed.
postgres_version() {
  local best='' best_with_vector='' binary version
  for binary in /usr/lib/postgresql/*/bin/postgres; do
    version=${binary#/usr/lib/postgresql/}; version=${version%%/*}
    ((version > ${best:-0})) && best=$version
    [[ -f /usr/share/postgresql/$version/extension/vector.control ]] && ((version > ${best_with_vector:-0})) && best_with_vector=$version
  done
  printf '%s' "${best_with_vector:-$best}"
}

is_installed() {
  local version
  case $1 in
    postgres) version=$(postgres_version); [[ -n $version && -f /usr/share/postgresql/$version/extension/vector.control ]] ;;
    redis) command -v redis-server >/dev/null ;;
    rabbitmq) [[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ]] ;;
    chromium) [[ -x /usr/bin/chromium ]] && fc-list :lang=zh 2>/dev/null | grep -q . ;;
    *) fail "unknown service '$1': postgres, redis, rabbitmq and chromium are known." ;;
  esac
}

find_missing() {
  local service
  missing=()
  for service in "${wanted[@]}"; do is_installed "$service" || missing+=("$service"); done
}

find_missing
((${#missing[@]})) || exit 0

instead="Start them as containers, or set ConnectionStrings__postgres, ConnectionStrings__redis and ConnectionStrings__messaging to servers of your own."
command -v apt-get >/dev/null || fail "missing: ${missing[*]}. This script installs Debian and Ubuntu packages only." "$instead"

if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "missing: ${missing[*]}. Run eng/install-services.sh as root; sudo is not installed." "$instead"
  say "missing: ${missing[*]}; asking sudo for the right to install"
  if { : </dev/tty; } 2>/dev/null; then exec sudo -- "$0" "${missing[@]}"; fi
  sudo -n true 2>/dev/null || fail "missing: ${missing[*]}. Run 'sudo eng/install-services.sh' once: sudo wants a password and there is no terminal to ask on." "$instead"
  exec sudo -n -- "$0" "${missing[@]}"
fi

mkdir -p /run/lock
exec 9>/run/lock/orchestration-install-services.lock
flock --nonblock 9 || { say "another installation is running, waiting for it"; flock 9; }
find_missing
((${#missing[@]})) || exit 0

export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
work=$(mktemp -d)
restore() {
  [[ -f $work/policy-is-ours ]] && rm -f "$policy"
  [[ -e $work/policy-rc.d ]] && mv -f "$work/policy-rc.d" "$policy"
  rm -rf "$work"
}
trap restore EXIT
trap 'exit 130' INT TERM

# Packages start their service on installation unless this policy says no; whatever was there before comes back.
[[ -e $policy ]] && cp -a "$policy" "$work/policy-rc.d"
touch "$work/policy-is-ours"
printf '#!/bin/sh\nexit 101\n' > "$policy"
chmod 755 "$policy"

apt_install() {
  apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "$@" >"$work/apt.log" 2>&1 9>&- || {
    tail -n 15 "$work/apt.log" >&2
    fail "could not install: $*. $instead"
  }
}

candidate() { LC_ALL=C apt-cache policy "$1" | awk '/Candidate:/ && $2 != "(none)" { print $2 }'; }

update_lists() {
  [[ -f $work/updated ]] && return
  say "reading the package lists"
  apt-get -qq -o DPkg::Lock::Timeout=300 update >"$work/apt.log" 2>&1 9>&- || {
    tail -n 5 "$work/apt.log" >&2
    say "some package lists could not be read; going on with what is there"
  }
  touch "$work/updated"
}

keep_disabled() {
  [[ -d /run/systemd/system ]] || return 0
  local unit
  for unit in "$@"; do systemctl disable --quiet "$unit" 2>/dev/null || true; done
}

build_pgvector() {
  local version=$1 suite mirror package needed=()
  for package in build-essential dpkg-dev "postgresql-server-dev-$version"; do
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] || needed+=("$package")
  done
  if ((${#needed[@]})); then say "installing ${needed[*]} to build pgvector"; apt_install "${needed[@]}"; fi
  . /etc/os-release
  mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' "Codename: ${VERSION_CODENAME:-}" | head -1)
  [[ -n $mirror ]] || fail "pgvector has no package here and no Debian mirror is configured to take its source from." "$instead"
  for suite in forky trixie; do
    say "building pgvector from Debian $suite for PostgreSQL $version"
    # In the background, because errexit does not hold inside a condition.
    (build_pgvector_from "$suite" "$mirror" "$version") >"$work/pgvector.log" 2>&1 9>&- &
    if wait $!; then return; fi
    say "Debian $suite did not work out: $(grep -m1 -E '^E:|error' "$work/pgvector.log" | cut -c1-160)"
  done
  tail -n 15 "$work/pgvector.log" >&2
  fail "could not build pgvector for PostgreSQL $version. $instead"
}

build_pgvector_from() {
  local suite=$1 mirror=$2 pg_config=/usr/lib/postgresql/$3/bin/pg_config tree=$work/pgvector-$1
  mkdir -p "$tree/lists/partial" "$tree/cache/archives/partial"
  printf 'deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' "$mirror" "$suite" > "$tree/sources.list"
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$tree/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::Lists=$tree/lists" -o "Dir::Cache=$tree/cache" -o APT::Sandbox::User=root)
  "${apt[@]}" update
  cd "$tree"
  "${apt[@]}" source pgvector
  cd pgvector-*/
  # Without OPTFLAGS the library would be tied to the processor that built it.
  make -s -j"$(nproc)" OPTFLAGS="" with_llvm=no PG_CONFIG="$pg_config"
  make -s install with_llvm=no PG_CONFIG="$pg_config"
}

install_postgres() {
  local version package
  version=$(postgres_version)
  if [[ -z $version ]]; then
    version=$(apt-cache pkgnames postgresql- | sed -n 's/^postgresql-\([0-9]\+\)$/\1/p' | sort -n | while read -r v; do [[ -n $(candidate "postgresql-$v") ]] && echo "$v"; done | tail -1)
    [[ -n $version ]] || fail "no postgresql package is offered here. $instead"
    say "installing PostgreSQL $version"
    apt_install "postgresql-$version"
    keep_disabled postgresql.service
  fi
  package=postgresql-$version-pgvector
  if [[ -n $(candidate "$package") ]]; then
    say "installing $package"
    apt_install "$package"
    dpkg --compare-versions "$(dpkg-query -W -f '${Version}' "$package")" ge "$minimum_pgvector" ||
      say "note: pgvector here is older than $minimum_pgvector; filtered similarity search finds fewer rows"
  else
    build_pgvector "$version"
  fi
}

install_redis() { say "installing Redis"; apt_install redis-server; keep_disabled redis-server.service; }

install_rabbitmq() { say "installing RabbitMQ"; apt_install rabbitmq-server; keep_disabled rabbitmq-server.service epmd.service epmd.socket; }

# With glyphs for both languages of the console.
install_chromium() { say "installing Chromium"; apt_install chromium fontconfig fonts-dejavu-core fonts-wqy-zenhei; }

say "missing: ${missing[*]}"
update_lists
for service in "${missing[@]}"; do "install_$service"; done
find_missing
((${#missing[@]} == 0)) || fail "still missing after installation: ${missing[*]}. $instead"
say "done"
