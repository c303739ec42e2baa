/* SPDX-License-Identifier: MIT */
#ifndef SANDBOX_H
#define SANDBOX_H

#define CFG_EXTRA_ENV \
	"bootfile=sandbox.img\0"

#endif
