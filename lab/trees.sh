# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The Debian trees: "debian" holds build/ (a tree with compiler and headers),
# kernel/ (what that very version boots with) and guest.squashfs; "check" is a
# build tree with the gates' tools, "source" one with the kernel's source, for
# kernels of our own, "desktop" what a guest with compositors has besides.
# VPRIME_KERNEL_SUITE takes the kernel, and it alone, from another suite: "headers" is
# then build/ and kernel/ of that; "rt" the same of Debian's real-time kernel. Sourced by lab/setup, which makes them, and by
# whoever needs a path; it must not know what is built or run in a tree.

# shellcheck source=lab/say.sh
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"
# shellcheck source=lab/cache.sh
. "$(dirname "${BASH_SOURCE[0]}")/cache.sh"

LAB=$TREE/lab
MIRROR=$(mirror) || exit 125
MIRROR=${MIRROR%/}
export VPRIME_MIRROR=$MIRROR	# apt need not be asked by every script called
DEBIAN=$(part_path debian "$MIRROR" "$LAB/debian.sh" \
	"$LAB"/packages/{build,guest})
CHECK=$(part_path check "$DEBIAN" "$LAB/packages/check")
DESKTOP=$(part_path desktop "$DEBIAN" "$LAB/desktop.sh" "$LAB/packages/desktop")

# The kernel's own; what is built for another suite's is kept apart by its name.
KERNEL_SUITE=${VPRIME_KERNEL_SUITE:-$SUITE}
HEADERS=$DEBIAN apart=''
if [[ $KERNEL_SUITE != "$SUITE" ]]; then
	HEADERS=$(part_path headers "$MIRROR" "$KERNEL_SUITE" \
		"$LAB/headers.sh" "$LAB/packages/headers")
	apart=-$KERNEL_SUITE
fi

RT=$(part_path rt "$MIRROR" "$KERNEL_SUITE" "$LAB/headers.sh" "$LAB/packages/headers")

# find_source: set SOURCE, whose key has the series of Debian's kernel: 7.2
find_source()
{
	SOURCE=$(part_path source "$MIRROR" "$KERNEL_SUITE" "$(kernel_series)" \
		"$LAB/source.sh" "$LAB/packages/kernel")
}

kernel_series()
{
	cut -d. -f1-2 "$HEADERS/kernel/version"
}

# is_debian NAME: the kernel is one of Debian's; the others are lab/kernel's
is_debian()
{
	[[ $1 == stock || $1 == rt ]]
}

# headers_of NAME: the tree with the headers of one of Debian's
headers_of()
{
	if [[ $1 == rt ]]; then echo "$RT"; else echo "$HEADERS"; fi
}

# kernel_dir NAME: what the kernel boots with
kernel_dir()
{
	if is_debian "$1"; then
		echo "$(headers_of "$1")/kernel"
	else
		echo "$BUILD/kernels$apart/$1"
	fi
}

# modules_dir NAME: under build/, where the tree's modules for that kernel are
modules_dir()
{
	if [[ $1 == stock ]]; then echo "modules$apart"; else echo "modules$apart-$1"; fi
}

# need_kernel NAME: it is compiled; SOURCE is set for those that are not Debian's
need_kernel()
{
	need_debian
	[[ $1 != rt ]] || use_part "$RT" || "$LAB/setup" rt
	[[ -f $(kernel_dir "$1")/version ]] || die "no kernel $1; there are stock" \
		"and rt, and lab/kernel makes lean, debug, kcsan, lean-stock and debug-stock"
	is_debian "$1" || find_source
}

# need_debian, need_check, need_source, need_desktop: make the tree unless it is there
need_debian()
{
	{ use_part "$DEBIAN" && use_part "$HEADERS"; } || "$LAB/setup"
}

need_check()
{
	use_part "$CHECK" || "$LAB/setup" check
}

need_source()
{
	need_debian
	find_source
	use_part "$SOURCE" || "$LAB/setup" source
}

need_desktop()
{
	use_part "$DESKTOP" || "$LAB/setup" desktop
}
