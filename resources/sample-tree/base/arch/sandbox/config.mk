# SPDX-License-Identifier: MIT

# The sandbox is built with the compiler of this computer, whatever
# CROSS_COMPILE says.
override CROSS_COMPILE :=
arch_cflags := -D_GNU_SOURCE
