// SPDX-License-Identifier: MIT

#include <board.h>

int firmware_main(void);
void arch_main(void) __attribute__((noreturn));

void arch_putc(char c)
{
	if (c == '\n')
		serial_putc('\r');
	serial_putc(c);
}

void arch_stop(int code)
{
#if defined(CONFIG_ARM64) || defined(CONFIG_CPU_V7)
	for (;;)
		__asm__ volatile("wfi" : : "r"(code));
#else
	for (;;)
		__asm__ volatile("" : : "r"(code));
#endif
}

void arch_main(void)
{
	arch_stop(firmware_main());
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
