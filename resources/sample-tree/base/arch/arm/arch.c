// SPDX-License-Identifier: MIT

#include <board.h>

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
