/* The facts of the architecture that is being built: the build names its header. */
#ifndef WRAP_BUDDY_ARCH_SELECT_H
#define WRAP_BUDDY_ARCH_SELECT_H
#include ARCH_HEADER
#endif
