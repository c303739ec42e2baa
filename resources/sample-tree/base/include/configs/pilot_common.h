/* SPDX-License-Identifier: MIT */
/* What all boards with Pilot chips have in common. */
#ifndef PILOT_COMMON_H
#define PILOT_COMMON_H

#define CFG_STACK_TOP	0x4031ff00
#define CFG_EXTRA_ENV \
	"loadaddr=0x82000000\0" \
	"bootfile=quayside.img\0"

#endif
