// SPDX-License-Identifier: MIT
/* Serial port of the Gull chips. */

#include <board.h>

#define UART_BASE	0xfffff200
#define UART_STATUS	(UART_BASE + 0x14)
#define UART_DATA	(UART_BASE + 0x00)
#define STATUS_EMPTY	0x02

void serial_putc(char c)
{
	while (!(reg_read(UART_STATUS) & STATUS_EMPTY))
		;
	reg_write(UART_DATA, (uint8_t)c);
}
