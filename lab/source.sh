# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How the tree is made in which kernels are compiled: a Debian tree with the
# source of the guest's kernel series, where our dma-buf core can be chosen.
# Sourced by lab/setup; part of the tree's key. It must not know which kernels
# are made there: lab/kernel does.

# The stock core's place in the Makefile of drivers/dma-buf becomes a choice. Our
# own folder is put beside it, as vprime/, by lab/kernel.
offer_core()
{
	local dir=$1/drivers/dma-buf

	# shellcheck disable=SC2016 # make's variable
	sed -i 's|^obj-y := dma-buf\.o |obj-y := $(if $(CONFIG_DMABUF_VPRIME),vprime/,dma-buf.o) |' \
		"$dir/Makefile"
	grep -q '^obj-y := .*CONFIG_DMABUF_VPRIME' "$dir/Makefile" || {
		echo "error: dma-buf.o does not stand where it is looked for in $dir/Makefile"
		return 1
	}
	cat >>"$dir/Kconfig" <<-'EOF'

	config DMABUF_VPRIME
		bool "vprime's dma-buf core in the place of dma-buf.c"
		depends on DMA_SHARED_BUFFER

	source "drivers/dma-buf/vprime/Kconfig"
	EOF
	mkdir "$dir/vprime"
}

source_tree()
{
	local part=$1 source
	source=linux-source-$(kernel_series)

	kernel_debootstrap "$(package_list "$LAB/packages/kernel"),$source" |
		unpack "$part/root" || return
	mkdir "$part/root/obj"
	tar -x -C "$part/root/usr/src" --no-same-owner \
		-f "$part/root/usr/src/$source.tar.xz" || return
	rm "$part/root/usr/src/$source.tar.xz"
	mv "$part/root/usr/src/$source" "$part/root/usr/src/linux"
	offer_core "$part/root/usr/src/linux"
}

make_source()
{
	kernel_mirror_options
	step "tree for kernels" "$CACHE/source.log" source_tree "$1"
}
