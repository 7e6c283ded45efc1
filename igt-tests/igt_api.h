/* SPDX-License-Identifier: MIT */
/*
 * The part of libigt's interface that these tests use.
 *
 * Distributions ship libigt and its tests but not its headers. What stands here
 * are the project's own declarations of the library's exported functions, and
 * macros that use them as the library expects: a test written with them has
 * IGT's form, options, output and exit statuses, and igt_runner runs it.
 *
 * A block after igt_fixture, igt_subtest or igt_dynamic is left by siglongjmp()
 * when an assertion in it fails. So it must not change local variables around
 * it: call a function and do the work there.
 */
#ifndef IGT_API_H
#define IGT_API_H

#include <errno.h>
#include <getopt.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* What an option's handler returns when the option is not its own. */
#define IGT_OPT_HANDLER_ERROR (-2)

typedef int (*igt_opt_handler_t)(int opt, int opt_index, void *data);

enum igt_log_level {
	IGT_LOG_DEBUG,
	IGT_LOG_INFO,
	IGT_LOG_WARN,
	IGT_LOG_CRITICAL,
	IGT_LOG_NONE,
};

extern jmp_buf igt_subtest_jmpbuf;
extern jmp_buf igt_dynamic_jmpbuf;

int igt_subtest_init_parse_opts(int *argc, char **argv, const char *extra_short_opts,
				const struct option *extra_long_opts, const char *help_str,
				igt_opt_handler_t extra_opt_handler, void *handler_data);
_Noreturn void igt_exit(void);

bool __igt_fixture(void);
void __igt_fixture_complete(void);
bool __igt_run_subtest(const char *name, const char *file, const int line);
bool __igt_enter_dynamic_container(void);
bool __igt_run_dynamic_subtest(const char *name);
void igt_success(void);
void igt_describe_f(const char *format, ...) __attribute__((format(printf, 1, 2)));

_Noreturn void __igt_skip_check(const char *file, const int line, const char *func,
				const char *check, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
_Noreturn void __igt_fail_assert(const char *domain, const char *file, const int line,
				 const char *func, const char *assertion,
				 const char *format, ...)
	__attribute__((format(printf, 6, 7)));
void igt_log(const char *domain, enum igt_log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Timelines of a kernel with SW_SYNC: they assert that it is one. */
int sw_sync_timeline_create(void);
int sw_sync_timeline_create_fence(int timeline, uint32_t seqno);
void sw_sync_timeline_inc(int timeline, uint32_t count);

#define IGT_TEST_DESCRIPTION(text) const char *__igt_test_description = text

/* Opens the body of a test program that has options of its own. */
#define igt_main_args(short_opts, long_opts, help, handler, data)               \
	static void igt_tests(void);                                            \
	int main(int argc, char **argv)                                         \
	{                                                                       \
		igt_subtest_init_parse_opts(&argc, argv, short_opts, long_opts, \
					    help, handler, data);               \
		igt_tests();                                                    \
		igt_exit();                                                     \
	}                                                                       \
	static void igt_tests(void)

/* Opens the body of any other. */
#define igt_main igt_main_args(NULL, NULL, NULL, NULL, NULL)

/* A block that all subtests behind it need; left out when they are only listed. */
#define igt_fixture                                                            \
	for (volatile bool igt_once = true;                                    \
	     igt_once && __igt_fixture() && !sigsetjmp(igt_subtest_jmpbuf, 1); \
	     igt_once = false, __igt_fixture_complete())

#define igt_subtest(name)                                     \
	for (; __igt_run_subtest(name, __FILE__, __LINE__) && \
	       !sigsetjmp(igt_subtest_jmpbuf, 1);             \
	     igt_success())

/* A subtest whose parts, found while it runs, have results of their own. */
#define igt_subtest_with_dynamic(name)                        \
	for (; __igt_run_subtest(name, __FILE__, __LINE__) && \
	       __igt_enter_dynamic_container() &&             \
	       !sigsetjmp(igt_subtest_jmpbuf, 1);             \
	     igt_success())

#define igt_dynamic(name)                         \
	for (; __igt_run_dynamic_subtest(name) && \
	       !sigsetjmp(igt_dynamic_jmpbuf, 1); \
	     igt_success())

#define igt_describe(text) igt_describe_f("%s", text)
#define igt_info(...) igt_log(NULL, IGT_LOG_INFO, __VA_ARGS__)

#define igt_require_f(expr, ...)                                              \
	do {                                                                  \
		if (!(expr))                                                  \
			__igt_skip_check(__FILE__, __LINE__, __func__, #expr, \
					 __VA_ARGS__);                        \
	} while (0)

#define igt_assert_f(expr, ...)                                               \
	do {                                                                  \
		if (!(expr))                                                  \
			__igt_fail_assert(NULL, __FILE__, __LINE__, __func__, \
					  #expr, __VA_ARGS__);                \
	} while (0)

#define igt_assert(expr) igt_assert_f(expr, NULL)

#define igt_assert_eq(a, b)                                                      \
	do {                                                                     \
		long long igt_a = (a), igt_b = (b);                              \
		if (igt_a != igt_b)                                              \
			__igt_fail_assert(NULL, __FILE__, __LINE__, __func__,    \
					  #a " == " #b, "error: %lld != %lld\n", \
					  igt_a, igt_b);                         \
	} while (0)

/* The system call in @expr fails, and with that errno. */
#define igt_assert_errno(expr, expected)                                      \
	do {                                                                  \
		int igt_ret = (expr);                                         \
		int igt_errno = igt_ret < 0 ? errno : 0;                      \
		if (igt_errno != (expected))                                  \
			__igt_fail_assert(NULL, __FILE__, __LINE__, __func__, \
					  #expr " fails with " #expected,     \
					  "error: errno is %d (%s)\n",        \
					  igt_errno, strerror(igt_errno));    \
	} while (0)

#endif
