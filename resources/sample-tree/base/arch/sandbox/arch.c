// SPDX-License-Identifier: MIT
/* The sandbox is a program of the computer that it was built on. */

#include <stdio.h>
#include <stdlib.h>
#include <board.h>

int firmware_main(void);

void arch_putc(char c)
{
	putchar(c);
}

void arch_stop(int code)
{
	exit(code);
}

/* Registers that were written read back as they were; all others as 0. */
static struct {
	uintptr_t address;
	uint32_t value;
} registers[64];

void reg_write(uintptr_t address, uint32_t value)
{
	for (int i = 0; i < 64; i++)
		if (!registers[i].address || registers[i].address == address) {
			registers[i].address = address;
			registers[i].value = value;
			return;
		}
}

uint32_t reg_read(uintptr_t address)
{
	for (int i = 0; i < 64; i++)
		if (registers[i].address == address)
			return registers[i].value;
	return 0;
}

int main(void)
{
	arch_stop(firmware_main());
}
