/* SPDX-License-Identifier: MIT */

#include <generated/config.h>

	.section .text._start, "ax", @progbits
	.globl _start
_start:
	movl	$CFG_STACK_TOP, %esp
	call	bare_main
	.section .note.GNU-stack, "", @progbits
