// SPDX-License-Identifier: MIT
/* The serial port of nearly every PC. */

#include <board.h>

#define PORT_DATA	0x3f8
#define PORT_STATUS	0x3fd
#define STATUS_EMPTY	0x20

#if defined(__i386__) || defined(__x86_64__)
static uint8_t port_in(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port));
	return value;
}

static void port_out(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" : : "a"(value), "Nd"(port));
}
#else
#define port_in(port) (*(volatile uint8_t *)(CFG_UART_BASE + (port)))
#define port_out(port, value) (*(volatile uint8_t *)(CFG_UART_BASE + (port)) = (value))
#endif

void serial_putc(char c)
{
	while (!(port_in(PORT_STATUS) & STATUS_EMPTY))
		;
	port_out(PORT_DATA, c);
}
