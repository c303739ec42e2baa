/* SPDX-License-Identifier: MIT */

#include <generated/config.h>

	.section .text._start, "ax", %progbits
	.globl _start
_start:
#ifdef CONFIG_ARM64
	ldr	x0, =CFG_STACK_TOP
	mov	sp, x0
	bl	bare_main
#else
	ldr	r0, =CFG_STACK_TOP
	mov	sp, r0
	bl	bare_main
#endif
	.ltorg
	.section .note.GNU-stack, "", %progbits
