// SPDX-License-Identifier: MIT
/*
 * Texts and numbers as they may be written to a terminal, to JSON or to Graphviz.
 * Nothing is known here of buffers.
 */
#include "text.h"

#include <string.h>

static int is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f;
}

const char *text_terminal(const char *text, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (; *text; text++) {
		unsigned char c = *text;
		int length = is_plain(c) && c != '\\' ?
				     snprintf(out + used, size - used, "%c", c) :
				     snprintf(out + used, size - used, "\\x%02x", c);

		/* A cut escape would be another text. */
		if ((size_t)length >= size - used) {
			out[used] = '\0';
			break;
		}
		used += length;
	}
	return out;
}

void text_json(FILE *file, const char *text)
{
	putc('"', file);
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			fprintf(file, "\\%c", c);
		else if (is_plain(c))
			putc(c, file);
		else
			fprintf(file, "\\u%04x", c);
	}
	putc('"', file);
}

void text_dot(FILE *file, const char *text)
{
	for (; *text; text++) {
		unsigned char c = *text;

		if (c == '"' || c == '\\')
			fprintf(file, "\\%c", c);
		else if (is_plain(c))
			putc(c, file);
		else
			fprintf(file, "\\\\x%02x", c);
	}
}

/* What stands behind the backslash: its value, or -1, and how long it is. */
static int escaped(const char *text, int *length)
{
	static const char letters[] = "nrtvf\"\\ae", values[] = "\n\r\t\v\f\"\\\a\033";
	const char *letter = *text ? strchr(letters, *text) : NULL;
	int value = 0;

	*length = 1;
	if (letter)
		return values[letter - letters];
	for (*length = 0; *length < 3 && text[*length] >= '0' && text[*length] <= '7'; ++*length)
		value = value * 8 + text[*length] - '0';
	return *length ? value : -1;
}

void text_unescape(char *text)
{
	char *to = text;
	int length, value;

	while (*text) {
		value = *text == '\\' ? escaped(text + 1, &length) : -1;
		if (value < 0) {
			*to++ = *text++;
			continue;
		}
		/* No text holds a NUL. */
		if (value)
			*to++ = value;
		text += 1 + length;
	}
	*to = '\0';
}

const char *text_size(uint64_t bytes, char *out, size_t size)
{
	static const char units[] = " KMGTPE";
	double number = bytes;
	int unit = 0;

	for (; number >= 1023.5; unit++)
		number /= 1024;
	if (!unit)
		snprintf(out, size, "%u", (unsigned int)bytes);
	else
		snprintf(out, size, "%.*f%c", number < 9.95, number, units[unit]);
	return out;
}

const char *text_age(uint64_t milliseconds, char *out, size_t size)
{
	unsigned long long seconds = milliseconds / 1000;

	if (seconds < 10)
		snprintf(out, size, "%llu.%llus", seconds,
			 (unsigned long long)milliseconds / 100 % 10);
	else if (seconds < 60)
		snprintf(out, size, "%llus", seconds);
	else if (seconds < 3600)
		snprintf(out, size, "%llum%02llus", seconds / 60, seconds % 60);
	else if (seconds < 86400)
		snprintf(out, size, "%lluh%02llum", seconds / 3600, seconds / 60 % 60);
	else
		snprintf(out, size, "%llud%02lluh", seconds / 86400, seconds / 3600 % 24);
	return out;
}
