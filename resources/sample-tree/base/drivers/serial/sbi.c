// SPDX-License-Identifier: MIT
/* The console that the program below us offers. */

#include <board.h>

#define SBI_PUTCHAR 1

void serial_putc(char c)
{
	register unsigned long value __asm__("a0") = (unsigned char)c;
	register unsigned long call __asm__("a7") = SBI_PUTCHAR;

	__asm__ volatile("ecall" : "+r"(value) : "r"(call) : "memory");
}
