#!/usr/bin/env bash
# Builds, tests and runs LbTcp; works from any directory. './build.sh help' lists the verbs.
set -euo pipefail

readonly root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
readonly solution="$root/LbTcp.sln"
readonly program="$root/LbTcp/bin/Release/net10.0/lbtcp.dll"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

usage() {
  cat <<'TEXT'
Usage: ./build.sh [VERB]

  build             compile everything (the default)
  test [ARGS]       check the format, then run all tests; ARGS go to 'dotnet test'
  run [-- ARGS]     compile and run the balancer with ARGS, in the current directory
  demo [--flap]     run three small HTTP backends with the balancer in front of them;
                    --flap stops and restarts one of them every few seconds
  publish           build one native file, dist/lbtcp; needs clang and zlib's headers
  bench [ARGS]      publish, then compare with HAProxy and nginx side by side;
                    'bench --help' lists ARGS
  lint              check the format and run the analyzers
  clean             remove all build outputs
TEXT
}

# To stderr: stdout belongs to the program that 'run' and 'demo' start.
say() {
  echo "build.sh: $*" >&2
}

die() {
  say "$*"
  exit 1
}

# Runs in the root, where global.json states which SDK versions are suitable.
require_sdk() {
  command -v dotnet >/dev/null ||
    die "the .NET SDK 10.0.100 or newer is missing; get it from https://dotnet.microsoft.com/download/dotnet/10.0."
  (cd "$root" && dotnet --version >/dev/null 2>&1) ||
    die "the .NET SDK 10.0.100 or newer is missing (found: $(dotnet --list-sdks | cut -d' ' -f1 | paste -sd' '));" \
      "get it from https://dotnet.microsoft.com/download/dotnet/10.0."
}

# compile TARGET [ARGS]
compile() {
  local note=""
  [ -e "$program" ] || note=" (about a minute the first time)"
  say "compiling$note"
  dotnet build "$1" --configuration Release --verbosity quiet "${@:2}"
}

build() {
  require_sdk
  compile "$solution" "$@"
}

check_format() {
  say "checking the format"
  (cd "$root" && dotnet format "$solution" --verify-no-changes)
}

lint() {
  require_sdk
  check_format
  compile "$solution" --no-incremental
}

run_tests() {
  require_sdk
  check_format
  compile "$solution"
  say "running the tests"
  dotnet test "$solution" --configuration Release --no-build "$@"
}

# Only the program is compiled. exec replaces this process: signals reach the balancer, and its exit code is the script's.
run() {
  local output
  require_sdk
  output="$(compile "$root/LbTcp")" || die "$output"
  exec dotnet "$program" "$@"
}

publish() {
  require_sdk
  command -v clang >/dev/null || command -v gcc >/dev/null ||
    die "a native binary needs a C compiler to link; install it with 'apt-get install clang zlib1g-dev'."
  say "compiling to native code (about a minute)"
  rm -rf "${root:?}/dist"
  dotnet publish "$root/LbTcp" --configuration Release --use-current-runtime --output "$root/dist" --verbosity quiet -p:PublishAot=true
  find "$root/dist" -type f ! -name lbtcp -delete # debug symbols and documentation
}

bench() {
  publish
  "$root/bench/run" "$@"
}

clean() {
  local project
  for project in LbTcp LbTcp.Tests bench/Pick bench/Rules; do
    rm -rf "${root:?}/$project/bin" "${root:?}/$project/obj" "${root:?}/$project/TestResults"
  done
  rm -rf "${root:?}/dist" "${root:?}/TestResults"
}

verb="${1:-build}"
[ $# -gt 0 ] && shift
[ "$verb" = run ] && [ "${1:-}" = -- ] && shift

case "$verb" in
  build) build "$@" ;;
  test) run_tests "$@" ;;
  run) run "$@" ;;
  demo) run demo "$@" ;;
  publish) publish ;;
  bench) bench "$@" ;;
  lint) lint ;;
  clean) clean ;;
  help | -h | --help) usage ;;
  *)
    usage >&2
    exit 2
    ;;
esac
