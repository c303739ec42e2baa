/* SPDX-License-Identifier: MIT */
/* What all boards with Gull chips have in common. */
#ifndef GULL_COMMON_H
#define GULL_COMMON_H

#define CFG_STACK_TOP	0x0030f000
#define CFG_EXTRA_ENV \
	"loadaddr=0x22000000\0" \
	"bootfile=quayside.img\0"

#endif
