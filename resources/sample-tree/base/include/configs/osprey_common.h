/* SPDX-License-Identifier: MIT */
/* What all boards with Osprey chips have in common. */
#ifndef OSPREY_COMMON_H
#define OSPREY_COMMON_H

#define CFG_STACK_TOP	0x80200000
#define CFG_EXTRA_ENV \
	"loadaddr=0x48000000\0" \
	"bootfile=quayside.img\0"

#endif
