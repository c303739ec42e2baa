// SPDX-License-Identifier: MIT

#include <board.h>

void arch_stop(int code)
{
	for (;;)
		__asm__ volatile("hlt" : : "a"(code));
}
