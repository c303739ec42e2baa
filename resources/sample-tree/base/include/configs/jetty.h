/* SPDX-License-Identifier: MIT */
#ifndef JETTY_H
#define JETTY_H

#include "pilot_common.h"

#undef CFG_EXTRA_ENV
#define CFG_EXTRA_ENV \
	"loadaddr=0x82000000\0" \
	"bootfile=jetty.img\0" \
	"console=ttyP0,115200\0"

#endif
