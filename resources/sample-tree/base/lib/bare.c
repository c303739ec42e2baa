// SPDX-License-Identifier: MIT
/* What a system below us would do; real boards have none. */

#include <board.h>

int firmware_main(void);
void bare_main(void) __attribute__((noreturn));

/* Where start.S goes once there is a stack. */
void bare_main(void)
{
	arch_stop(firmware_main());
}

void arch_putc(char c)
{
	if (c == '\n')
		serial_putc('\r');
	serial_putc(c);
}

/* The compiler may call these by itself. */
void *memset(void *to, int value, size_t size)
{
	for (volatile char *byte = to; size--; byte++)
		*byte = value;
	return to;
}

void *memcpy(void *to, const void *from, size_t size)
{
	const char *source = from;

	for (volatile char *byte = to; size--; byte++)
		*byte = *source++;
	return to;
}
