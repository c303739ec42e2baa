/* SPDX-License-Identifier: MIT */
/* What all boards with Tern chips have in common. */
#ifndef TERN_COMMON_H
#define TERN_COMMON_H

#define CFG_STACK_TOP	0x84000000
#define CFG_EXTRA_ENV \
	"loadaddr=0x84000000\0" \
	"bootfile=quayside.img\0"

#endif
