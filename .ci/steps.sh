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
  if ((${#missing[@]})); then
    apt-get update -q
    apt-get install -qy "${missing[@]}"
  fi
}

# A tool of cargo's, `name@version`, that is built once and kept.
install_tool() {
  command -v "${1%@*}" >/dev/null || cargo install --quiet --locked --debug "$1"
}
