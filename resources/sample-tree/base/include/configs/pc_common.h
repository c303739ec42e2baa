/* SPDX-License-Identifier: MIT */
/* What all boards with Kelp and Coral chips have in common. */
#ifndef PC_COMMON_H
#define PC_COMMON_H

#define CFG_STACK_TOP	0x00080000
#define CFG_EXTRA_ENV \
	"loadaddr=0x03000000\0" \
	"bootfile=quayside.img\0"

#endif
