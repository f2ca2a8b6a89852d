#!/bin/sh
# Installs FFmpeg by apt-get, beside a start that does not wait for it: install-ffmpeg.sh NOTE. The note holds our process id while this goes on,
# "failed" when it was in vain, and is gone when it went well. SIGTERM ends it: at once while lists and packages are fetched; but dpkg is let finish,
# for a system whose packages stand half unpacked refuses every other installation.
note=$1
going=
stopped=

stop() {
  stopped=1
  [ -n "$going" ] || return
  children=
  [ "$step" = fetch ] || read -r children < "/proc/$going/task/$going/children" || :
  # Without children apt-get still waits for somebody else's lock.
  [ -n "$children" ] || kill "$going"
}
trap stop TERM INT HUP

apt() {
  step=$1
  shift
  [ -z "$stopped" ] || return 1
  nice apt-get -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 -o Dpkg::Options::=--force-unsafe-io "$@" &
  going=$!
  # A signal ends the waiting, not what is waited for.
  while :; do
    wait "$going"
    code=$?
    kill -0 "$going" 2> /dev/null || break
  done
  going=
  return "$code"
}

fetch() { apt fetch --download-only install ffmpeg; }

if { fetch || { apt fetch update && fetch; }; } && apt unpack --no-download install ffmpeg; then
  rm -f "$note"
elif [ -n "$stopped" ]; then
  rm -f "$note"
else
  printf failed > "$note"
fi
