# SPDX-License-Identifier: MIT

start_objs := arch/riscv/start.o
ifdef CONFIG_ARCH_RV32I
arch_cflags := -march=rv32imac -mabi=ilp32
arch_ldflags := -march=rv32imac -mabi=ilp32
else
arch_cflags := -march=rv64imac -mabi=lp64
arch_ldflags := -march=rv64imac -mabi=lp64
endif
arch_cflags += -mcmodel=medany -ffreestanding -fno-pic -fno-pie
arch_ldflags += -nostdlib -static -no-pie -Wl,-e,_start -Wl,-Ttext=$(CONFIG_TEXT_BASE)
