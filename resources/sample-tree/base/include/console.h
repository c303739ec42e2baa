/* SPDX-License-Identifier: MIT */
#ifndef CONSOLE_H
#define CONSOLE_H

#include <stdint.h>

void con_puts(const char *text);
void con_hex(uint32_t value, int digits);
void con_dec(uint32_t value);

#endif
