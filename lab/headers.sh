# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Debian trees that take the kernel from a suite of its own, KERNEL_SUITE, or in a
# flavour of its own: what debian.sh does, but backports stand beside the suite that
# they are for. Sourced by lab/setup; part of the key of the headers trees.

# kernel_debootstrap PACKAGES OPTION...: as debootstrap
kernel_debootstrap()
{
	local base=${KERNEL_SUITE%-backports} more=()

	[[ $base == "$KERNEL_SUITE" ]] || more=(--setup-hook="
		echo 'deb $MIRROR $KERNEL_SUITE main' >>\"\$1\"/etc/apt/sources.list")
	SUITE=$base debootstrap "$@" "${more[@]}"
}

kernel_mirror_options()
{
	SUITE=$KERNEL_SUITE mirror_options || die "no answer from the mirror $MIRROR"
}

# headers_tree PART FLAVOUR: of linux-headers-FLAVOURamd64
headers_tree()
{
	# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
	local kernel='v=$(basename "$1"/usr/lib/modules/*) &&
		chroot "$1" apt-get -y install "linux-binary-$v" "linux-modules-$v"'

	kernel_debootstrap \
		"$(package_list "$LAB/packages/headers"),linux-headers-$2amd64/$KERNEL_SUITE" \
		--customize-hook="$kernel" | unpack "$1/build"
}

# make_headers PART [FLAVOUR]
make_headers()
{
	local flavour=${2:-}

	kernel_mirror_options
	step "Debian $KERNEL_SUITE kernel ${flavour%-}" "$CACHE/headers.log" \
		headers_tree "$1" "$flavour" &&
		step "its files" "$CACHE/kernel.log" kernel_files "$1"
}

make_rt()
{
	make_headers "$1" rt-
}
