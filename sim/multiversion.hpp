// Run-time dispatch: a kernel marked SECCM_CLONES is compiled for the baseline, AVX2 and AVX-512, and the machine
// picks its own when the program starts. Mark free functions whose work is in inlined code.
//
// Sanitizers run their start-up code behind the dispatcher, so there the baseline alone is built.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SECCM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SECCM_CLONES
#endif
