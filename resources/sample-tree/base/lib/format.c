// SPDX-License-Identifier: MIT
/* Text to the console, without division: not every chip can divide. */

#include <board.h>
#include <console.h>

void con_puts(const char *text)
{
	while (*text)
		arch_putc(*text++);
}

void con_hex(uint32_t value, int digits)
{
	while (digits-- > 0)
		arch_putc("0123456789abcdef"[(value >> (4 * digits)) & 15]);
}

void con_dec(uint32_t value)
{
	static const uint32_t powers[] = {
		1000000000, 100000000, 10000000, 1000000, 100000, 10000, 1000, 100, 10, 1,
	};
	int started = 0;

	for (unsigned int i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
		char digit = '0';

		while (value >= powers[i]) {
			value -= powers[i];
			digit++;
		}
		started |= digit != '0' || powers[i] == 1;
		if (started)
			arch_putc(digit);
	}
}
