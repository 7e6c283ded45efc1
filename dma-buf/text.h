/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Texts in files for programs and people. A process's name, a buffer's, a device's and
 * an exporter's may hold any byte: none of them shall make a line or a field.
 */
#ifndef DMABUF_TEXT_H
#define DMABUF_TEXT_H

#include <linux/seq_file.h>
#include <linux/string_helpers.h>

/**
 * dmabuf_show_text - print a text that somebody else made
 * @m: where to
 * @text: it, or NULL
 *
 * What does not print, tab, newline and backslash are escaped as string_escape_mem()
 * does it: \t, \n, \\, \033. Callable in any context.
 */
static inline void dmabuf_show_text(struct seq_file *m, const char *text)
{
	seq_escape_str(m, text ?: "(null)", ESCAPE_ANY_NP | ESCAPE_APPEND, "\t\n\\");
}

/**
 * dmabuf_show_field - the same with a tab and its key before it
 * @m: where to
 * @key: what it is
 * @text: it
 */
static inline void dmabuf_show_field(struct seq_file *m, const char *key, const char *text)
{
	seq_printf(m, "\t%s=", key);
	dmabuf_show_text(m, text);
}

#endif
