// SPDX-License-Identifier: MIT
/*
 * The live view: a table that fills the terminal, below it one buffer's devices
 * and processes. Plain ECMA-48 sequences on the alternate screen; every line is
 * printable and no longer than the terminal is wide.
 */
#include "live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "snapshot.h"
#include "table.h"

#define HELP "q quit  arrows select  space stop  R reverse  sort by column: i s a r f m d e c n"

/**
 * struct view - what the user sees
 * @snapshot: what was seen last
 * @order: how it is sorted
 * @reverse: the other way round
 * @stopped: no new snapshots for now
 * @done: the user has had enough
 * @selected: inode of the selected buffer, 0 for the first
 * @row: where it was in the table
 * @top: first row that is visible
 * @page: rows that are
 * @width: columns of the terminal
 * @height: lines of it
 */
struct view {
	struct snapshot snapshot;
	enum order order;
	bool reverse;
	bool stopped;
	bool done;
	uint64_t selected;
	size_t row;
	size_t top;
	size_t page;
	unsigned int width;
	unsigned int height;
};

static volatile sig_atomic_t ended;

static void note_end(int number)
{
	(void)number;
	ended = 1;
}

static void measure(struct view *view)
{
	struct winsize size;

	view->width = 80;
	view->height = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col || !size.ws_row)
		return;
	view->width = size.ws_col;
	view->height = size.ws_row;
}

/* The selected buffer keeps its selection wherever sorting puts it. */
static void follow_selection(struct view *view, const struct buffer **sorted)
{
	const size_t count = view->snapshot.num_buffers;

	for (size_t i = 0; i < count; i++)
		if (sorted[i]->inode == view->selected)
			view->row = i;
	if (view->row >= count)
		view->row = count ? count - 1 : 0;
	view->selected = count ? sorted[view->row]->inode : 0;
	if (view->row < view->top)
		view->top = view->row;
	if (view->row >= view->top + view->page)
		view->top = view->row - view->page + 1;
	if (view->top && view->top + view->page > count)
		view->top = count > view->page ? count - view->page : 0;
}

/* Ends the line and clears what was behind it. */
static void end_line(FILE *screen)
{
	fputs("\033[m\033[K\r\n", screen);
}

static void draw_head(const struct view *view, FILE *screen)
{
	char missing[128];

	fputs("\033[H\033[1m", screen);
	table_total(screen, &view->snapshot, view->width);
	end_line(screen);
	for (unsigned int i = 0; i < 2; i++) {
		if (snapshot_missing(&view->snapshot, i, missing, sizeof(missing)))
			fprintf(screen, "not seen: %.*s",
				view->width > 10 ? (int)view->width - 10 : 0, missing);
		end_line(screen);
	}
	fputs("\033[7m", screen);
	table_heading(screen, view->width);
	end_line(screen);
}

static void draw_rows(const struct view *view, FILE *screen, const struct buffer **sorted)
{
	for (size_t i = view->top; i < view->top + view->page; i++) {
		if (i < view->snapshot.num_buffers) {
			if (i == view->row)
				fputs("\033[1;7m", screen);
			table_row(screen, sorted[i], view->width);
		}
		end_line(screen);
	}
}

static void draw_details(const struct view *view, FILE *screen, const struct buffer **sorted,
			 unsigned int lines)
{
	bool more = view->snapshot.num_buffers;

	for (unsigned int i = 0; i < lines; i++) {
		more = more && table_detail(screen, sorted[view->row], i, view->width);
		end_line(screen);
	}
}

static void draw(struct view *view)
{
	const struct buffer **sorted =
		order_sort(&view->snapshot, view->order, view->reverse);
	unsigned int details;
	char *text = NULL;
	size_t size = 0;
	FILE *screen = open_memstream(&text, &size);

	if (!screen)
		goto out;
	measure(view);
	details = view->height / 3;
	/* Four lines of head, one empty, one of help. */
	view->page = view->height > details + 6 ? view->height - details - 6 : 1;
	follow_selection(view, sorted);
	draw_head(view, screen);
	draw_rows(view, screen, sorted);
	end_line(screen);
	draw_details(view, screen, sorted, details);
	fprintf(screen, "\033[7m%.*s\033[m\033[K", (int)view->width,
		view->stopped ? "stopped: space goes on" : HELP);
	fclose(screen);
	for (size_t done = 0; done < size;) {
		ssize_t written = write(STDOUT_FILENO, text + done, size - done);

		if (written < 0 && errno != EINTR)
			break;
		done += written > 0 ? written : 0;
	}
out:
	free(text);
	free(sorted);
}

static void move(struct view *view, long rows)
{
	const long last = (long)view->snapshot.num_buffers - 1;
	long row = (long)view->row + rows;

	view->row = row > last ? (last > 0 ? last : 0) : row < 0 ? 0 :
								   row;
	/* The row is what counts now; the buffer in it becomes the selected one. */
	view->selected = 0;
}

static void press_letter(struct view *view, char key)
{
	const char *order = key ? strchr(order_keys, key) : NULL;

	if (key == 'q' || key == 3)
		view->done = true;
	else if (key == 'R')
		view->reverse = !view->reverse;
	else if (key == ' ')
		view->stopped = !view->stopped;
	else if (key == 'j')
		move(view, 1);
	else if (key == 'k')
		move(view, -1);
	else if (order)
		view->order = order - order_keys;
}

static void press_keys(struct view *view, const char *keys, size_t length)
{
	static const struct {
		const char *sequence;
		int rows, pages;
	} moves[] = {
		{ "\033[A", -1, 0 },
		{ "\033[B", 1, 0 },
		{ "\033OA", -1, 0 },
		{ "\033OB", 1, 0 },
		{ "\033[5~", 0, -1 },
		{ "\033[6~", 0, 1 },
	};

	while (length) {
		size_t used = 1;

		for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]) && used == 1; i++) {
			size_t size = strlen(moves[i].sequence);

			if (size > length || memcmp(keys, moves[i].sequence, size))
				continue;
			move(view, moves[i].rows + moves[i].pages * (long)view->page);
			used = size;
		}
		if (used == 1)
			press_letter(view, *keys);
		keys += used;
		length -= used;
	}
}

static void run(struct view *view, unsigned int delay_ms)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	char keys[64];
	ssize_t length;
	int ret = 0;

	while (!view->done && !ended) {
		if (!view->stopped && ret <= 0) {
			snapshot_free(&view->snapshot);
			snapshot_take(&view->snapshot);
		}
		draw(view);
		ret = poll(&input, 1, delay_ms);
		if (ret <= 0)
			continue;
		length = read(STDIN_FILENO, keys, sizeof(keys));
		if (length <= 0)
			break;
		press_keys(view, keys, length);
	}
	snapshot_free(&view->snapshot);
}

int live_run(enum order order, bool reverse, unsigned int delay_ms)
{
	struct view view = { .order = order, .reverse = reverse };
	struct sigaction action = { .sa_handler = note_end };
	struct termios before, raw;

	if (tcgetattr(STDIN_FILENO, &before))
		return -errno;
	raw = before;
	raw.c_lflag &= ~(ICANON | ECHO | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	sigaction(SIGINT, &action, NULL);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw);
	/* The alternate screen, no cursor, no wrapped lines; and all that back. */
	printf("\033[?1049h\033[?25l\033[?7l");
	fflush(stdout);
	run(&view, delay_ms);
	printf("\033[?7h\033[?25h\033[?1049l");
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	return 0;
}
