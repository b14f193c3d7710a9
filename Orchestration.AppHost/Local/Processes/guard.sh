#!/bin/sh
# Runs a command that lives no longer than the lock which its starter holds on a file: however the starter ends, the kernel
# releases the lock, and the watcher below ends the command and everything in its process group.
#
# guard.sh LOCK-FILE SIGNAL GRACE-SECONDS LOG-FILE|- FOLDER-TO-REMOVE|- COMMAND [ARGUMENT...]
#
# The caller starts this with setsid, so that the id of this process, which the command keeps, is also its group's.
lock=$1 signal=$2 grace=$3 log=$4 remove=$5
shift 5

watch() {
    trap '' HUP INT TERM
    exec 9<"$lock"
    flock --exclusive 9
    kill -s "$signal" $$
    tenths=$((grace * 10))
    # A process that nobody has waited for still has its id, but no executable.
    while [ -e "/proc/$$/exe" ] && [ "$tenths" -gt 0 ]; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    # The watcher is in the group itself, which keeps the group's id from being given to others; so what remains to be done
    # after the group's end is done from a session of its own. It inherits the lock: nobody starts in a folder being removed.
    setsid sh -c '
        kill -s KILL -- "-$1"
        tries=100
        while kill -0 -- "-$1" && [ "$tries" -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
        [ "$2" = - ] || rm -rf -- "$2"' guard "$$" "$remove" &
    wait
}

# What a service writes (spools, route tables, logs) is for its own user alone.
umask 077
( watch </dev/null >/dev/null 2>&1 & )
[ "$log" = - ] || exec >>"$log" 2>&1
exec "$@" </dev/null
