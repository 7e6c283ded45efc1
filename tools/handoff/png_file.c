// SPDX-License-Identifier: MIT
/*
 * A framebuffer as a PNG file: the picture that the program leaves behind.
 * Called at the end of main(); knows nothing of where the pixels came from.
 */
#include "png_file.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <png.h>

/* libpng leaves by longjmp() when it fails; nothing is held in locals here. */
static int write_rows(png_structp png, png_infop info, FILE *file, const struct kms_fb *fb)
{
	if (setjmp(png_jmpbuf(png)))
		return -EIO;

	png_init_io(png, file);
	png_set_IHDR(png, info, fb->width, fb->height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_write_info(png, info);
	png_set_bgr(png);
	png_set_filler(png, 0, PNG_FILLER_AFTER);
	for (uint32_t y = 0; y < fb->height; y++)
		png_write_row(png, (png_const_bytep)fb->map + (size_t)y * fb->layout.pitch[0]);
	png_write_end(png, NULL);
	return 0;
}

static int write_stream(FILE *file, const struct kms_fb *fb)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png ? png_create_info_struct(png) : NULL;
	int ret = info ? write_rows(png, info, file, fb) : -ENOMEM;

	png_destroy_write_struct(&png, &info);
	return ret;
}

int png_file_write(const char *path, const struct kms_fb *fb)
{
	FILE *file = fopen(path, "wb");
	int ret;

	if (!file) {
		ret = -errno;
		warn("%s", path);
		return ret;
	}
	ret = write_stream(file, fb);
	if (fclose(file) && !ret)
		ret = -errno;
	if (ret) {
		errno = -ret;
		warn("%s", path);
	}
	return ret;
}
