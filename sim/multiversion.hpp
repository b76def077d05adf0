// Run-time dispatch: a kernel marked SECCM_CLONES is compiled for the baseline, AVX2 and AVX-512, and the machine
// picks its own when the program starts. Mark free functions whose work is in inlined code.
//
// What such a kernel calls must be inlined into each of its clones: SECCM_INLINE makes sure of it, where `inline` is a
// hint that a large body ignores.
//
// Sanitizers run their start-up code behind the dispatcher, so there the baseline alone is built.
#pragma once

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SECCM_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define SECCM_CLONES
#endif

#if defined(__GNUC__)
#define SECCM_INLINE inline __attribute__((always_inline))
#else
#define SECCM_INLINE inline
#endif
