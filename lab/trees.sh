# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# The Debian trees: "debian" holds build/ (a tree with compiler and headers),
# kernel/ (what that very version boots with) and guest.squashfs; "check" is a
# build tree with the gates' tools. Sourced by lab/setup, which makes them, and by
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

# need_debian, need_check: make the tree unless it is there
need_debian()
{
	use_part "$DEBIAN" || "$LAB/setup"
}

need_check()
{
	use_part "$CHECK" || "$LAB/setup" check
}
