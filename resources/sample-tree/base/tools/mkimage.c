// SPDX-License-Identifier: MIT
/*
 * usage: mkimage ROUNDS NAME INPUT OUTPUT
 *
 * Puts a header of 64 bytes before a program: magic, size, hash and name.
 * The hash is taken ROUNDS times over.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADER_SIZE = 64, NAME_AT = 20, NAME_SIZE = 32 };

static uint64_t hash_bytes(uint64_t hash, const unsigned char *data, size_t size)
{
	while (size--) {
		hash ^= *data++;
		hash *= 0x100000001b3ull;
	}
	return hash;
}

static void put_le(unsigned char *to, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		to[i] = value >> (8 * i);
}

static unsigned char *read_all(const char *path, size_t *size)
{
	FILE *file = fopen(path, "rb");
	unsigned char *data = NULL;
	long length;

	if (!file || fseek(file, 0, SEEK_END) || (length = ftell(file)) < 0) {
		perror(path);
		exit(1);
	}
	rewind(file);
	data = malloc(length + 1);
	if (!data || fread(data, 1, length, file) != (size_t)length) {
		fprintf(stderr, "mkimage: cannot read %s\n", path);
		exit(1);
	}
	fclose(file);
	*size = length;
	return data;
}

int main(int argc, char **argv)
{
	unsigned char header[HEADER_SIZE] = "QUAY";
	uint64_t hash = 0xcbf29ce484222325ull;
	unsigned char *data;
	size_t size;
	FILE *out;

	if (argc != 5) {
		fprintf(stderr, "usage: mkimage ROUNDS NAME INPUT OUTPUT\n");
		return 2;
	}
	data = read_all(argv[3], &size);
	for (long round = 0; round < atol(argv[1]); round++)
		hash = hash_bytes(hash, data, size);
	put_le(header + 4, size, 8);
	put_le(header + 12, hash, 8);
	strncpy((char *)header + NAME_AT, argv[2], NAME_SIZE - 1);

	out = fopen(argv[4], "wb");
	if (!out || fwrite(header, HEADER_SIZE, 1, out) != 1 || fwrite(data, 1, size, out) != size ||
	    fclose(out)) {
		perror(argv[4]);
		return 1;
	}
	free(data);
	return 0;
}
