/* SPDX-License-Identifier: MIT */
#ifndef CRC32_H
#define CRC32_H

#include <stddef.h>
#include <stdint.h>

/* CRC-32 (IEEE 802.3) of size bytes, continuing from crc; start with 0. */
uint32_t crc32(uint32_t crc, const void *data, size_t size);

#endif
