// SPDX-License-Identifier: MIT
/* Serial port of the Pilot and Osprey chips. */

#include <board.h>

#define UART_BASE	0x48020000
#define UART_STATUS	(UART_BASE + 0x14)
#define UART_DATA	(UART_BASE + 0x00)
#define STATUS_EMPTY	0x20

void serial_putc(char c)
{
	while (!(reg_read(UART_STATUS) & STATUS_EMPTY))
		;
	reg_write(UART_DATA, (uint8_t)c);
}
