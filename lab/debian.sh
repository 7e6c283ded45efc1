# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How the Debian trees are made, by mmdebstrap. Sourced by lab/setup, which knows
# where they go; this file is part of their key, so what does not change a tree
# stands elsewhere.

# Debian's own answer to "how old is this mirror", asked before anything is
# downloaded: it also proves that there is a network.
mirror_options()
{
	local release=$CACHE/InRelease until

	rm -f "$release"
	/usr/lib/apt/apt-helper download-file "$MIRROR/dists/$SUITE/InRelease" \
		"$release" >"$CACHE/mirror.log" 2>&1 || return
	MIRROR_OPTIONS=()
	until=$(sed -n 's/^Valid-Until: //p' "$release")
	if [[ $until && $(date -d "$until" +%s) -lt $(date +%s) ]]; then
		warn "notice: the mirror's Release file expired on $until;" \
			"going on, signatures are still checked"
		MIRROR_OPTIONS=(--aptopt='Acquire::Check-Valid-Until "false"')
	fi
}

# debootstrap PACKAGES OPTION...: a Debian tree as a tar stream on stdout. It is
# put together beside the cache, as /tmp may be small; without root that cannot
# be, other users must not reach a home.
debootstrap()
{
	local packages=$1 scratch=$CACHE/new-scratch
	shift
	((EUID)) && scratch=${TMPDIR:-/tmp}
	mkdir -p "$scratch"

	TMPDIR=$scratch mmdebstrap --variant=minbase --format=tar --include="$packages" \
		--aptopt='APT::Install-Recommends "false"' \
		--dpkgopt=force-unsafe-io \
		--dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' \
		"${MIRROR_OPTIONS[@]}" "$@" "$SUITE" - \
		"deb $MIRROR $SUITE main"
}

# Only files and modes matter in a tree that is compiled in, so whoever makes
# it owns all of it and needs no right to remove it again.
unpack()
{
	mkdir "$1" && tar -x -C "$1" --no-same-owner --exclude='./dev/*'
}

build_tree()
{
	# The kernel that belongs to the headers just installed. Its image package
	# would pull in an initramfs generator; these two are all that boots.
	# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
	local kernel='v=$(basename "$1"/usr/lib/modules/*) &&
		chroot "$1" apt-get -y install "linux-binary-$v" "linux-modules-$v"'

	debootstrap "$(package_list "$LAB/packages/build")" \
		--customize-hook="$kernel" | unpack "$1/build"
}

guest_image()
{
	debootstrap "$(package_list "$LAB/packages/guest")" |
		mksquashfs - "$1/guest.squashfs" -tar -noappend -no-progress \
			-root-uid 0 -root-gid 0 -root-mode 755 \
			-comp zstd -Xcompression-level 3
}

# kernel_files PART: version, vmlinuz, the modules as an image of their own,
# and those that the initramfs needs, in the order to load them
kernel_files()
{
	local root=$1/build out=$1/kernel version module number=10

	mkdir -p "$out/boot"
	version=$(basename "$root"/usr/lib/modules/*)
	echo "$version" >"$out/version"
	cp "$root/usr/lib/modules/$version/vmlinuz" "$out/vmlinuz"
	while read -r module; do
		xz -dc "$root/$module" >"$out/boot/$number-$(basename "$module" .xz)"
		number=$((number + 1))
	done < <(boot_modules "$root" "$version")
	cp "$root/usr/bin/busybox" "$out/busybox"
	mksquashfs "$root/usr/lib/modules/$version" "$out/modules.squashfs" \
		-noappend -no-progress -comp zstd -Xcompression-level 3 \
		-e build -e source
}

boot_modules()
{
	"$LAB/enter" --root "$1" -- modprobe -S "$2" --show-depends -a \
		virtio_blk squashfs overlay 9pnet_virtio 9p |
		sed -n 's/^insmod \([^ ]*\).*/\1/p' | awk '!seen[$0]++'
}

# The two trees are made side by side, each as a process group, so that whatever
# ends the set-up ends both.
make_debian()
{
	local part=$1 status=0
	jobs=()

	mirror_options || die "no answer from the mirror $MIRROR"
	trap '((${#jobs[@]})) && kill -TERM -- "${jobs[@]/#/-}" 2>/dev/null' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	set -m
	LAB_QUIET=1 step "guest image" "$CACHE/guest.log" guest_image "$part" &
	jobs=($!)
	step "Debian $SUITE build tree and guest image" "$CACHE/build.log" \
		build_tree "$part" &
	jobs+=($!)
	set +m
	wait "${jobs[0]}" || status=$?
	wait "${jobs[1]}" || status=$?
	trap - EXIT INT TERM HUP

	((status)) || step "kernel files" "$CACHE/kernel.log" kernel_files "$part" ||
		status=$?
	return "$status"
}

# The kernel's own checking scripts, from the source package of the headers'
# series; the rest of that package is not kept. The headers lack the script that
# finds out whether sparse works.
check_tree()
{
	# shellcheck disable=SC2016 # expanded by mmdebstrap's shell
	local scripts='v=$(basename "$1"/usr/lib/modules/*) &&
		s=linux-source-$(echo "$v" | cut -d. -f1-2) &&
		chroot "$1" apt-get -y install "$s" &&
		mkdir "$1/usr/src/linux-scripts" &&
		tar -x -C "$1/usr/src/linux-scripts" --strip-components=1 --wildcards \
			-f "$1/usr/src/$s.tar.xz" "$s/scripts/*" "$s/tools/docs/*" \
			"$s/tools/lib/python/*" &&
		cp "$1/usr/src/linux-scripts/scripts/checker-valid.sh" \
			"$1"/usr/src/linux-headers-*-common/scripts/ &&
		rm "$1/usr/src/$s.tar.xz"'

	debootstrap "$(package_list "$LAB"/packages/{build,check})" \
		--customize-hook="$scripts" | unpack "$1/root"
}

make_check()
{
	mirror_options || die "no answer from the mirror $MIRROR"
	step "tree for the checks" "$CACHE/check.log" check_tree "$1"
}
