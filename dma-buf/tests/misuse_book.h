/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The book of misuse as tests read it: through what debugfs shows.
 */
#ifndef DMABUF_MISUSE_BOOK_H
#define DMABUF_MISUSE_BOOK_H

#include <linux/types.h>

#include "../misuse.h"

struct device;
struct kunit;
struct seq_file;

/**
 * show_text - what a function of debugfs prints
 * @test: at whose end the text goes; ends if there is no memory
 * @show: the function
 * @private: &seq_file.private for it
 *
 * Return: the text.
 */
char *show_text(struct kunit *test, int (*show)(struct seq_file *m, void *unused),
		void *private);

/**
 * struct expectation - something that is going to be reported
 * @what: the misuse
 * @exporter: as reported, "" for none
 * @dev: the device, or NULL
 * @caller: the name of the function that does it, or NULL for a program
 * @total: &dmabuf_misuse_total before
 * @entered: what the book's lines for it said before
 */
struct expectation {
	enum dmabuf_misuse what;
	const char *exporter;
	struct device *dev;
	const char *caller;
	u64 total;
	u64 entered;
};

/**
 * book_expect - look at the book before something is done
 * @test: ends if there is no memory
 * @expected: is filled in
 * @what: the misuse
 * @exporter: as it will be reported, "" for none
 * @dev: the device, or NULL
 * @caller: the name of the function that will do it, or NULL for a program
 */
void book_expect(struct kunit *test, struct expectation *expected,
		 enum dmabuf_misuse what, const char *exporter,
		 struct device *dev, const char *caller);

/**
 * book_check - see that it was counted, entered, and printed if it has to be
 * @test: fails if not
 * @expected: from book_expect()
 * @times: how often it was done. The log has one line for it, whatever it was
 *	done before by the same caller; none for a program
 */
void book_check(struct kunit *test, const struct expectation *expected,
		unsigned int times);

#endif
