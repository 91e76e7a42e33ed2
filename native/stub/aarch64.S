/*
 * The stub of aarch64, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside
 * /proc/self/exe. arch/aarch64.h has the register convention, include/parameters.h what stands after the code.
 * The kernel keeps all registers but x0. Memory below the stack pointer serves as a buffer: no signal handler exists yet.
 *
 *      x9 exit function   x10 source   x11 buffer: message and path   x12 the path's end   x1 path
 */
	.text
	.globl	_start
#define MESSAGE_SIZE 24

_start:
	bti	c
	mov	x9, x0
	adr	x10, message
	sub	x11, sp, #2, lsl #12
	mov	x12, x11
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
1:	ldrb	w8, [x10], #1
	strb	w8, [x12], #1
	cbnz	w8, 1b
	add	x1, x11, #MESSAGE_SIZE
	mov	x0, #-100			/* AT_FDCWD */
	mov	x2, x1
	mov	x3, #0xfff
	mov	x8, #78				/* readlinkat */
	svc	#0
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	and	x0, x0, #0xfff
	add	x12, x1, x0
2:	ldrb	w8, [x12, #-1]!
	cmp	w8, #'/'
	b.ne	2b
#else
	add	x1, x11, #MESSAGE_SIZE
#endif
3:	ldrb	w8, [x10], #1
	strb	w8, [x12], #1
	cbnz	w8, 3b
	add	x10, x10, #7
	and	x10, x10, #~7			/* struct parameters */
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails.
	 */
	add	x3, sp, #8
4:	ldr	x2, [x3], #8
	cbnz	x2, 4b
5:	ldr	x2, [x3], #8
	cbnz	x2, 5b
6:	ldp	x0, x2, [x3], #16
	cmp	x0, #23				/* AT_SECURE */
	b.ne	6b
	lsl	x2, x2, #21			/* O_PATH */
#else
	mov	x2, #0
#endif
	mov	x0, #-100
	mov	x8, #56				/* openat */
	svc	#0
	/* A file of another size is not ours; a failed open fails here too. */
	mov	x4, x0
	mov	x1, #0
	mov	x2, #2				/* SEEK_END */
	mov	x8, #62				/* lseek */
	svc	#0
	ldr	w1, [x10]
	cmp	x0, x1
	b.ne	7f
	mov	x0, #0
	mov	x2, #5				/* PROT_READ | PROT_EXEC */
	mov	x3, #2				/* MAP_PRIVATE */
	mov	x5, #0
	mov	x8, #222			/* mmap */
	svc	#0
	ldr	x1, [x10, #8]
	adds	x16, x0, x1
	b.cs	7f
	mov	x0, x9
	br	x16

7:	mov	w8, #'\n'
	strb	w8, [x12, #-1]
	mov	x0, #2
	mov	x1, x11
	sub	x2, x12, x11
	mov	x8, #64				/* write */
	svc	#0
	mov	x0, #127
	mov	x8, #93				/* exit */
	svc	#0

message:
	.ascii	"wrap-buddy: cannot load "
#ifdef BESIDE
	.asciz	"/proc/self/exe"
#endif
