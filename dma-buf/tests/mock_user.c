// SPDX-License-Identifier: GPL-2.0-only
/*
 * A test's thread made to look like a program's, and the settings a person makes
 * in debugfs. Suites that call a buffer's file operations use it.
 */

#include <kunit/test.h>

#include <linux/fs.h>
#include <linux/mman.h>
#include <linux/sched/signal.h>
#include <linux/uaccess.h>

#include "../misuse.h"
#include "mock_user.h"

void __user *mock_user_copy(struct kunit *test, const void *data, size_t length)
{
	unsigned long address;
	void __user *user;

	address = kunit_vm_mmap(test, NULL, 0, PAGE_SIZE, PROT_READ | PROT_WRITE,
				MAP_ANONYMOUS | MAP_PRIVATE, 0);
	KUNIT_ASSERT_NE(test, address, 0);
	KUNIT_ASSERT_FALSE(test, IS_ERR_VALUE(address));
	user = (void __user *)address;
	KUNIT_ASSERT_EQ(test, copy_to_user(user, data, length), 0);
	return user;
}

long mock_user_ioctl(struct kunit *test, struct file *file, unsigned int command,
		     void *argument, size_t length)
{
	void __user *user = mock_user_copy(test, argument, length);
	long ret;

	ret = file->f_op->unlocked_ioctl(file, command, (unsigned long)user);
	KUNIT_ASSERT_EQ(test, copy_from_user(argument, user, length), 0);
	return ret;
}

unsigned long mock_user_fd_limit(unsigned long limit)
{
	struct rlimit *rlimit = &current->signal->rlim[RLIMIT_NOFILE];
	unsigned long before = rlimit->rlim_cur;

	rlimit->rlim_cur = limit;
	return before;
}

void mock_user_signal(bool pending)
{
	if (pending)
		set_thread_flag(TIF_SIGPENDING);
	else
		clear_thread_flag(TIF_SIGPENDING);
}

static void set_strict(void *strict)
{
	dmabuf_set_strict(strict);
}

void mock_user_strict(struct kunit *test, bool strict)
{
	void *before = dmabuf_is_strict() ? (void *)1 : NULL;

	KUNIT_ASSERT_EQ(test, kunit_add_action(test, set_strict, before), 0);
	dmabuf_set_strict(strict);
}
