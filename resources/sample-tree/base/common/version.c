// SPDX-License-Identifier: MIT

#include <generated/version.h>

extern const char version_string[];
const char version_string[] = "Quayside " BUILD_VERSION " (" BUILD_TIME ")";
