// SPDX-License-Identifier: MIT
/*
 * vprime-grab as a process: started, read, waited for. Knows nothing of what is on
 * the screen.
 */
#include "program.h"

#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "igt_api.h"

#define PATIENCE_S 60

/* The one that runs; 0: none does. */
static pid_t running;

/* In the child: nothing of IGT's. */
static void become_program(const char *const *arguments, int out, bool silent)
{
	const char *argv[PROGRAM_MAX_ARGUMENTS + 2] = { "vprime-grab" };
	int nowhere = silent ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;

	/* One that hangs ends, and with it what is read from it. */
	alarm(PATIENCE_S);
	for (int i = 0; i < PROGRAM_MAX_ARGUMENTS && arguments[i]; i++)
		argv[i + 1] = arguments[i];
	if (nowhere >= 0)
		dup2(nowhere, STDERR_FILENO);
	if (dup2(out, STDOUT_FILENO) >= 0)
		execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static void start(struct program *program, const char *const *arguments, bool silent)
{
	int out[2];

	program_forget();
	igt_assert_errno(pipe2(out, O_CLOEXEC), 0);
	program->pid = fork();
	igt_assert(program->pid >= 0);
	if (!program->pid)
		become_program(arguments, out[1], silent);
	running = program->pid;
	close(out[1]);
	program->out = fdopen(out[0], "r");
	igt_assert(program->out);
}

void program_start(struct program *program, const char *const *arguments)
{
	start(program, arguments, false);
}

int program_end(struct program *program)
{
	int status;

	fclose(program->out);
	igt_assert_eq(waitpid(program->pid, &status, 0), program->pid);
	running = 0;
	igt_assert_f(WIFEXITED(status), "vprime-grab was killed\n");
	igt_assert_f(WEXITSTATUS(status) != 127, "no vprime-grab in PATH\n");
	return WEXITSTATUS(status);
}

void program_forget(void)
{
	if (!running)
		return;
	kill(running, SIGKILL);
	waitpid(running, NULL, 0);
	running = 0;
}

static int run(const char *const *arguments, bool silent)
{
	struct program program;
	char line[512];

	start(&program, arguments, silent);
	while (fgets(line, sizeof(line), program.out))
		;
	return program_end(&program);
}

int program_run(const char *const *arguments)
{
	return run(arguments, false);
}

int program_try(const char *const *arguments)
{
	return run(arguments, true);
}

uint64_t program_frame(struct program *program, char *line, size_t size)
{
	unsigned long long sequence;

	igt_assert_f(fgets(line, size, program->out), "vprime-grab printed no line\n");
	igt_assert_f(sscanf(line, "{\"sequence\":%llu,", &sequence) == 1, "no frame: %s\n", line);
	return sequence;
}
