# SPDX-License-Identifier: GPL-2.0-only
#
# People's door: each target says what it does, lab/ does it. The kernel's
# build system comes in by Kbuild instead.

MAKEFLAGS += --no-print-directory

# A kernel's headers or build tree; without it modules are built for the guest.
ifdef KDIR
kbuild = $(MAKE) -C $(KDIR) M=$(CURDIR) MO=$(CURDIR)/build/kdir W=1
endif

help:		## this list
	@sed -n 's/^\([a-z-]*\):.*## */  make \1\t/p' Makefile

demo:		## a camera's frames on a virtual screen: out/demo.png, out/demo.json
	@lab/demo

weston:		## weston on a virtual screen, a camera in a window: out/weston.png
	@lab/desktop weston

sway:		## sway on a virtual screen: out/sway.png
	@lab/desktop sway

cage:		## cage on a virtual screen: out/cage.png
	@lab/desktop cage

test:		## every test, in guests, or SUITES='...'; last line: N passed, N failed, N skipped
	@lab/test $(SUITES)

test-debug:	## our core built in, under all checkers; an hour and a half
	@lab/test own@debug kunit fuzz selftests@debug sharing@debug syncobj@debug \
		memory@swiotlb-debug memory@pagealloc

test-machines:	## our own tests on machines whose memory is different, and on PREEMPT_RT
	@lab/test own@swiotlb own@swiotlb-live own@iommu own@small-pages own@huge-pages own@rt

test-desktop:	## compositors, the distribution's clients and our own, in guests
	@lab/test desktop clients grab screens boot

check:		## checkpatch, sparse, kernel-doc, clang-format, shellcheck, ...
	@lab/check

kernel:		## Debian's kernel with our dma-buf core built in: lean and debug
	@lab/kernel

kunit:		## KUnit's suites on the debug kernel; last line as make test's
	@lab/test kunit

faults:		## plants the faults of lab/mutations and says which test noticed each; hours
	@lab/build
	@lab/kernel debug
	@lab/build --kernel debug modules
	@lab/mutate

coverage:	## which functions of ours make test-debug has run, and which not
	@lab/coverage

model:		## SPIN goes through all that the models of model/ can do; last line as make test's
	@lab/model

bench:		## what the core's calls and vprime's buffers cost, against others: out/bench.json
	@lab/bench

matrix:		## Documentation/sharing-matrix.rst, from what make test left in out/igt
	@lab/enter -- build/bin/vprime_share --list-cells >build/cells
	@lab/matrix build/cells out Documentation/sharing-matrix.rst

permissions:	## Documentation/permissions.rst, from the tables that the tests try
	@lab/build programs
	@lab/enter -- build/bin/vprime_permissions --table >build/permissions.rst
	@mv build/permissions.rst Documentation/permissions.rst

modules:	## the module for the guest, or KDIR=... for any kernel
ifdef KDIR
	@lab/kernel-fits $(KDIR)
	@mkdir -p build/kdir
	@$(kbuild) modules
	@dma-buf/klp-finish build/kdir
else
	@lab/setup
	@lab/build modules
endif

# Headers alone have no System.map, without which kbuild leaves out depmod.
install:	## for modprobe, KDIR=... (default: the running kernel's)
ifdef KDIR
	@$(MAKE) modules
	@$(kbuild) modules_install
	@depmod $(INSTALL_MOD_PATH:%=-b %) $$(cat $(KDIR)/include/config/kernel.release)
else
	@$(MAKE) install KDIR=/lib/modules/$(shell uname -r)/build
endif

install-headless: ## udev rules, and a unit that starts weston at boot; DESTDIR=...
	@install -D -m 644 -t $(DESTDIR)/usr/lib/udev/rules.d headless/60-vprime.rules
	@install -D -m 644 -t $(DESTDIR)/usr/lib/systemd/system headless/vprime-weston.service
	@install -D -m 644 -t $(DESTDIR)/usr/lib/modules-load.d headless/vprime.conf

shell:		## a guest to work in, modules loaded
	@lab/shell

clean:		## remove what was built; the cached trees stay
	@rm -rf build out

.PHONY: help demo weston sway cage test test-debug test-machines test-desktop check kernel kunit faults coverage model bench \
	matrix permissions modules install install-headless shell clean
.NOTPARALLEL:
