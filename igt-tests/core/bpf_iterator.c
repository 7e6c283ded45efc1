// SPDX-License-Identifier: MIT
/*
 * The BPF iterator over all buffers, as today's tools read it: a program is
 * loaded that writes out the size of each buffer it is shown.
 */
#include <linux/bpf.h>
#include <linux/btf.h>

#include "core_subtests.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "btf.h"
#include "igt_api.h"

#define MANY 200

#define INSN(c, d, s, o, i) \
	((struct bpf_insn){ .code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i) })
#define MOVE(d, s) INSN(BPF_ALU64 | BPF_MOV | BPF_X, d, s, 0, 0)
#define SET(d, i) INSN(BPF_ALU64 | BPF_MOV | BPF_K, d, 0, 0, i)
#define ADD(d, i) INSN(BPF_ALU64 | BPF_ADD | BPF_K, d, 0, 0, i)
#define LOAD(d, s, o) INSN(BPF_LDX | BPF_MEM | BPF_DW, d, s, o, 0)
#define STORE(d, s, o) INSN(BPF_STX | BPF_MEM | BPF_DW, d, s, o, 0)
#define CALL(f) INSN(BPF_JMP | BPF_CALL, 0, 0, 0, f)
#define SKIP_IF_ZERO(d, n) INSN(BPF_JMP | BPF_JEQ | BPF_K, d, 0, n, 0)
#define EXIT() INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static int bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load_program(void)
{
	const struct btf_header *btf = btf_kernel();
	const struct bpf_insn program[] = {
		MOVE(BPF_REG_6, BPF_REG_1),
		/* the buffer, nothing at the end of the list */
		LOAD(BPF_REG_2, BPF_REG_6, 8),
		SKIP_IF_ZERO(BPF_REG_2, 8),
		LOAD(BPF_REG_3, BPF_REG_2, btf_offset(btf, "dma_buf", "size")),
		STORE(BPF_REG_10, BPF_REG_3, -8),
		/* the file that is being read */
		LOAD(BPF_REG_1, BPF_REG_6, 0),
		LOAD(BPF_REG_1, BPF_REG_1, 0),
		MOVE(BPF_REG_2, BPF_REG_10),
		ADD(BPF_REG_2, -8),
		SET(BPF_REG_3, 8),
		CALL(BPF_FUNC_seq_write),
		SET(BPF_REG_0, 0),
		EXIT(),
	};
	char log[4096] = "";
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.expected_attach_type = BPF_TRACE_ITER,
		.attach_btf_id = btf_id(btf, BTF_KIND_FUNC, "bpf_iter_dmabuf"),
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(program[0]),
		.license = (uintptr_t)"GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	igt_assert_f(fd >= 0, "the program was not loaded: %s\n%s\n", strerror(errno), log);
	return fd;
}

/* A descriptor that gives eight bytes for each buffer. */
static int open_iterator(void)
{
	int program = load_program();
	union bpf_attr link = {
		.link_create.prog_fd = program,
		.link_create.attach_type = BPF_TRACE_ITER,
	};
	union bpf_attr iterator = {};
	int link_fd = bpf(BPF_LINK_CREATE, &link), fd;

	igt_assert_f(link_fd >= 0, "link: %s\n", strerror(errno));
	iterator.iter_create.link_fd = link_fd;
	fd = bpf(BPF_ITER_CREATE, &iterator);
	igt_assert_f(fd >= 0, "iterator: %s\n", strerror(errno));
	close(link_fd);
	close(program);
	return fd;
}

/* How many buffers of a size the iterator shows; read a few at a time. */
static int count_shown(uint64_t size)
{
	int fd = open_iterator(), count = 0;
	uint64_t sizes[5];
	ssize_t got;

	while ((got = read(fd, sizes, sizeof(sizes))) > 0) {
		igt_assert_eq(got % sizeof(sizes[0]), 0);
		for (size_t i = 0; i < got / sizeof(sizes[0]); i++)
			count += sizes[i] == size;
	}
	igt_assert_eq(got, 0);
	close(fd);
	return count;
}

static void shows(const struct exporter *exporter)
{
	struct buffer buffer = buffer_new(exporter);
	int before = count_shown(buffer.size);

	igt_assert(before >= 1);
	buffer_free(&buffer);
	igt_assert_eq(count_shown(buffer.size), before - 1);
}

static void shows_many(void)
{
	const size_t size = 23 * 4096;
	int fds[MANY];

	btf_kernel();
	for (int i = 0; i < MANY; i++) {
		struct dumb dumb = dumb_new(cards.vgem, size);

		fds[i] = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
		dumb_free(&dumb);
	}
	igt_assert_eq(count_shown(size), MANY);
	for (int i = 0; i < MANY; i++)
		close(fds[i]);
	igt_assert_eq(count_shown(size), 0);
}

/* An iterator that is left in the middle keeps a buffer, and lets go of it. */
static void left(void)
{
	const size_t size = 29 * 4096;
	struct dumb dumbs[3];
	uint64_t first;
	int fds[3], fd;

	btf_kernel();
	for (int i = 0; i < 3; i++) {
		dumbs[i] = dumb_new(cards.vgem, size);
		fds[i] = prime_export(dumbs[i].card, dumbs[i].handle, DRM_CLOEXEC);
	}
	fd = open_iterator();
	igt_assert_eq(read(fd, &first, sizeof(first)), sizeof(first));
	for (int i = 0; i < 3; i++) {
		close(fds[i]);
		dumb_free(&dumbs[i]);
	}
	close(fd);
	igt_assert_eq(count_shown(size), 0);
}

static const struct core_subtest subtests[] = {
	{ "bpf-iterator", "BPF programs are shown every buffer.", NULL, shows },
	{ "bpf-iterator-many", "Each of hundreds is shown once.", shows_many, NULL },
	{ "bpf-iterator-left", "Who stops reading keeps no buffer.", left, NULL },
};

void bpf_subtests(void)
{
	RUN_CORE_SUBTESTS(subtests);
}
