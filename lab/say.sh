# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How the lab speaks: progress on stderr, one line for an error, and the time
# that each long step took. Sourced by every script in lab/; knows no paths.

say()
{
	[[ ${LAB_QUIET:-} ]] || printf 'lab: %s\n' "$*" >&2
}

# What nobody may miss, so --quiet does not hide it.
warn()
{
	printf 'lab: %s\n' "$*" >&2
}

# The lab's own failures are 125; 120-124 are what lab/run reports of a guest.
die()
{
	warn "error: $*"
	exit 125
}

# step TITLE LOG COMMAND...: run COMMAND with its output in LOG, tell every ten
# seconds that it still runs, and show the end of LOG when it fails.
step()
{
	local title=$1 log=$2 start=$SECONDS ticker status=0
	shift 2

	say "$title ..."
	(while sleep 10; do say "$title: $((SECONDS - start)) s"; done) &
	ticker=$!
	"$@" >"$log" 2>&1 </dev/null || status=$?
	kill "$ticker" 2>/dev/null || true
	wait "$ticker" 2>/dev/null || true

	if ((status)); then
		warn "error: $title failed (status $status), end of $log:"
		tail -n 15 "$log" | sed 's/^/    /' >&2
		return "$status"
	fi
	say "$title: done in $((SECONDS - start)) s"
}
