# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# How a guest is put together: the initramfs and QEMU's command line. Sourced
# by lab/run and lab/shell, which start it; it must not know what the guest
# does.

# A guest is described by RUN (a directory of its own: job, verdict, log),
# OUT (comes back to the host), KERNEL (its name), MEMORY in MiB, CPUS, APPEND
# (kernel arguments), ICOUNT (not empty: one emulated CPU, and while it is busy a
# nanosecond of the guest's clock is an instruction, however fast the host is),
# IOMMU (not empty: with one), DESKTOP_LAYER (not empty: with weston).

# accelerator KERNEL: kvm or tcg. A /dev/kvm can be there and not work: it has to
# bring KERNEL to where it misses its root, once for each boot of the host.
accelerator()
{
	local now boot answer
	[[ -w /dev/kvm ]] || { echo tcg; return; }

	now=$(</proc/sys/kernel/random/boot_id)
	read -r boot answer 2>/dev/null <"$CACHE/accelerator" || true
	if [[ ${boot:-} != "$now" ]]; then
		answer=kvm
		kvm_boots "$1" || answer=tcg
		echo "$now $answer" >"$RUN/accelerator"
		mv "$RUN/accelerator" "$CACHE/accelerator"
		[[ $answer == kvm ]] ||
			warn "notice: /dev/kvm is there, but no kernel boots with it"
	fi
	echo "$answer"
}

kvm_boots()
{
	timeout --kill-after=2 30 qemu-system-x86_64 -machine q35,accel=kvm -cpu max \
		-m 512 -nodefaults -display none -no-reboot -serial stdio \
		-kernel "$1/vmlinuz" -append 'console=ttyS0 panic=-1' </dev/null 2>&1 |
		grep -a 'Unable to mount root fs' >/dev/null
}

make_initramfs()
{
	local kernel=$1 root=$RUN/initramfs

	mkdir -p "$root/bin" "$root/modules"
	cp "$kernel/busybox" "$root/bin/busybox"
	find "$kernel/boot" -name '*.ko' -exec cp -t "$root/modules" {} +
	install -m 755 "$LAB/guest/init" "$root/init"
	cp "$LAB/guest/session" "$root/session"
	(cd "$root" && find . | cpio --quiet -o -H newc -R 0:0) >"$RUN/initramfs.cpio"
	rm -rf "$root"
}

share()
{
	local tag=$1 dir=$2 mode=${3:-}
	QEMU+=(-virtfs "local,path=${dir//,/,,},mount_tag=$tag,security_model=none,multidevs=remap$mode")
}

disk()
{
	QEMU+=(-drive "file=${1//,/,,},format=raw,if=virtio,readonly=on")
}

# describe_guest: fill QEMU with the command line, all but the consoles. Under
# emulation a second CPU that runs while the booting kernel patches its own code
# now and then meets a breakpoint that is gone already, and the kernel panics.
# So there the session starts the other CPUs, when the patching is over; whoever
# makes the kernel go on patching wants TURNS: the CPUs never run at once. Five levels
# of page tables are left out: while a kernel that boots identifies its CPU it does not
# know of the fifth, and KASAN reports what an interrupt reads then. And nothing doubts
# the TSC, the host's, for a processor that answers late: a read of the HPET, which would
# be the clock then, has all processors wait.
describe_guest()
{
	local kernel accel boot='console=ttyS0 panic=-1 oops=panic'
	# shellcheck disable=SC2153 # as said above
	kernel=$(kernel_dir "$KERNEL")
	accel=$(accelerator "$kernel")
	[[ ! ${ICOUNT:-} ]] || { accel=tcg CPUS=1; }
	[[ $accel == kvm ]] || boot+=' maxcpus=1 tsc=nowatchdog'

	make_initramfs "$kernel"
	mkdir -p "$BUILD"
	[[ ! ${TURNS:-} || $accel == kvm ]] || accel+=,thread=single
	QEMU=(qemu-system-x86_64 -machine q35 -accel "$accel" -cpu "max,la57=off"
		-smp "$CPUS" -m "$MEMORY" -nodefaults -display none -no-reboot
		-kernel "$kernel/vmlinuz" -initrd "$RUN/initramfs.cpio"
		-append "$boot log_buf_len=8M $APPEND"
		-device virtio-rng-pci)
	[[ ! ${ICOUNT:-} ]] || QEMU+=(-icount shift=0)
	[[ ! ${IOMMU:-} ]] || QEMU+=(-device "intel-iommu,intremap=off")
	disk "$DEBIAN/guest.squashfs"
	disk "$kernel/modules.squashfs"
	[[ ! ${DESKTOP_LAYER:-} ]] || disk "$DESKTOP/layer.squashfs"
	share vprime "$BUILD" ,readonly=on
	share out "$OUT"
	share lab "$RUN"
	say "guest: Linux $(<"$kernel/version") on $accel, $CPUS CPUs, $MEMORY MiB"
}
