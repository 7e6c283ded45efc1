# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# shellcheck disable=SC2034 # used by who sources it
#
# Where the lab keeps what it makes. A part is a directory named by a hash of
# all its inputs; it is made under a temporary name and renamed when it is
# whole. Sourced by the scripts that make or use parts; it must not know how
# any part is made.

TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
BUILD=$TREE/build
CACHE=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/vprime
SUITE=${VPRIME_SUITE:-testing}

# package_list FILE: the names in it, joined by commas
package_list()
{
	sed -e 's/#.*//' -e 's/[[:space:]]*$//' "$@" | grep . | paste -sd,
}

# The Debian mirror that this machine's own apt uses. While an `apt-get update` runs
# apt knows none for a moment.
mirror()
{
	if [[ ${VPRIME_MIRROR:-} ]]; then
		echo "$VPRIME_MIRROR"
		return
	fi
	for _ in {1..10}; do
		apt_mirror && return
		sleep 2
	done
	die "apt on this machine names no Debian mirror; set VPRIME_MIRROR"
}

apt_mirror()
{
	local uri origin release

	# A machine that never ran apt-get update knows no origin yet.
	# shellcheck disable=SC2016 # apt's own fields
	while read -r uri release origin; do
		[[ $release == *-* || ${origin:-Debian} != Debian ]] && continue
		case $release in
		stable | testing | unstable | sid | bookworm | trixie | forky | duke)
			echo "$uri"
			return
			;;
		esac
	done < <(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(ORIGIN)' \
		'Identifier: Packages' 2>/dev/null)
	return 1
}

# part_path NAME INPUT...: where the part made from these files and words is
part_path()
{
	local name=$1 input key
	shift

	key=$({
		for input in "$SUITE" "$@"; do
			if [[ -f $input ]]; then cat "$input"; else echo "$input"; fi
		done
	} | sha256sum | cut -c1-12)
	echo "$CACHE/$name-$key"
}

# make_part PATH MEGABYTES MAKER...: make the part unless it is there. MAKER is
# called with the directory to fill as its last word.
make_part()
{
	local path=$1 need=$2 name
	shift 2
	name=$(basename "$path")

	use_part "$path" && return
	mkdir -p "$CACHE" || die "cannot write the cache $CACHE"
	exec 9>"$CACHE/lock"
	if ! flock -n 9; then
		say "another set-up is under way, waiting for it"
		flock 9
	fi
	if [[ ! -d $path ]]; then
		need_space "$CACHE" "$need"
		((EUID == 0)) || need_space "${TMPDIR:-/tmp}" 1500
		rm -rf "$CACHE"/new-*
		mkdir "$CACHE/new-$name"
		if ! "$@" "$CACHE/new-$name"; then
			die "$name could not be made"
		fi
		mv -T "$CACHE/new-$name" "$path"
		drop_old "$path"
		rm -rf "$CACHE"/new-*
	fi
	flock -u 9 # closing is not enough while a child of a step still lives
	exec 9>&-
}

# Other work trees may be using other states of the same part; what was not used
# for a day goes. It is renamed first, so that no half of it looks whole.
drop_old()
{
	local old kind
	kind=$(basename "${1%-*}")
	find "$CACHE" -maxdepth 1 -type d -name "$kind-*" -mmin +1440 |
		while read -r old; do
			mv -T "$old" "$CACHE/new-dropped-$(basename "$old")"
		done
}

# use_part PATH: it is there, and wanted
use_part()
{
	[[ -d $1 ]] && touch "$1"
}

# need_space DIR MEGABYTES
need_space()
{
	local free
	free=$(($(df --output=avail -k "$1" | tail -n 1) / 1024))

	((free >= $2)) || die "not enough disk: $1 needs $2 MiB free, has $free MiB"
}
