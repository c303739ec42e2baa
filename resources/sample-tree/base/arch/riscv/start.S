/* SPDX-License-Identifier: MIT */

#include <generated/config.h>

	.section .text._start, "ax", @progbits
	.globl _start
_start:
	li	sp, CFG_STACK_TOP
	call	bare_main
	.section .note.GNU-stack, "", @progbits
