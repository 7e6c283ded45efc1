# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How the desktop layer is made: what packages/desktop adds to the guest image, as
# an image to be mounted above it. Sourced by lab/setup after debian.sh, which has
# the mirror and mmdebstrap; this file is part of the layer's key.

# The guest image is unpacked, the packages are installed into it, and what was
# written since is the layer. Nothing is removed here: proc and sys are mounted.
desktop_layer()
{
	# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
	local unpack='unsquashfs -quiet -no-progress -force -dest "$1" \
			"$1/guest.squashfs" && rm "$1/guest.squashfs" && touch "$1/layer"'
	# shellcheck disable=SC2016 # the same
	local pack='cd "$1" && find . -xdev ! -path "./layer*" ! -path "./dev/*" \
			! -path "./etc/apt/*" ! -path "./var/cache/apt/*" \
			! -path "./var/lib/apt/*" "(" -type d -o -cnewer layer ")" -print0 |
			tar -c --no-recursion --null -T - -f layer.tar'

	debootstrap "$(package_list "$LAB/packages/desktop")" \
		--variant=custom --format=null --skip=check/empty \
		--setup-hook="upload $DEBIAN/guest.squashfs /guest.squashfs" \
		--setup-hook="$unpack" --customize-hook="$pack" \
		--customize-hook="download /layer.tar $1/layer.tar" >/dev/null &&
		mksquashfs - "$1/layer.squashfs" -tar -noappend -no-progress \
			-root-uid 0 -root-gid 0 -root-mode 755 \
			-comp zstd -Xcompression-level 3 <"$1/layer.tar" &&
		rm "$1/layer.tar"
}

make_desktop()
{
	mirror_options || die "no answer from the mirror $MIRROR"
	step "desktop layer" "$CACHE/desktop.log" desktop_layer "$1"
}
