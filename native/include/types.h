/*
 * Integer types, and the pointer-wide `word` that every ABI structure is made of. The architecture's class is known
 * from the compiler: no header has to say it twice.
 */
#ifndef WRAP_BUDDY_TYPES_H
#define WRAP_BUDDY_TYPES_H

typedef __UINT8_TYPE__ u8;
typedef __UINT16_TYPE__ u16;
typedef __UINT32_TYPE__ u32;
typedef __UINT64_TYPE__ u64;

/* As wide as a pointer: u32 in class 32, u64 in class 64. */
typedef __UINTPTR_TYPE__ word;
typedef __INTPTR_TYPE__ sword;

_Static_assert(sizeof(word) == sizeof(void *), "word is as wide as a pointer");

#define ALIGN_DOWN(value, to) ((value) & ~((word)(to) - 1))
#define ALIGN_UP(value, to) ALIGN_DOWN((value) + (word)(to) - 1, to)

#endif
