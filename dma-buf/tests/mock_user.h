/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a program has and a test lacks: memory of its own, fds, signals.
 */
#ifndef DMABUF_MOCK_USER_H
#define DMABUF_MOCK_USER_H

#include <linux/types.h>

struct file;
struct kunit;

/**
 * mock_user_copy - put something into user memory
 * @test: at whose end the memory goes; ends if there is none
 * @data: what
 * @length: at most a page
 *
 * Return: where it is.
 */
void __user *mock_user_copy(struct kunit *test, const void *data, size_t length);

/**
 * mock_user_ioctl - ioctl() of a file, as a program calls it
 * @test: ends if there is no memory for the argument
 * @file: the file
 * @command: which
 * @argument: is copied to user memory and back
 * @length: of the argument
 *
 * Return: the ioctl's.
 */
long mock_user_ioctl(struct kunit *test, struct file *file, unsigned int command,
		     void *argument, size_t length);

/**
 * mock_user_fd_limit - how many fds the test may have
 * @limit: in all; 0 lets the next one fail
 *
 * Return: the limit before.
 */
unsigned long mock_user_fd_limit(unsigned long limit);

/**
 * mock_user_signal - let interruptible waits end at once, or not
 * @pending: which; must be false again before the test ends
 */
void mock_user_signal(bool pending);

/**
 * mock_user_strict - dmabuf_set_strict() until the end of a test
 * @test: at whose end it is as it was
 * @strict: which
 */
void mock_user_strict(struct kunit *test, bool strict);

#endif
