/*
 * The stub of powerpc64le, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside
 * /proc/self/exe. arch/powerpc64le.h has the register convention, include/parameters.h what stands after the code.
 * A system call may change r0, r3 to r12 and ctr; one that failed sets cr0.so, and r3 is the positive error number.
 * Memory below the stack pointer serves as a buffer: no signal handler exists yet.
 *
 *      r26 argv, r28 auxiliary vector, r29 exit function: as a dynamic linker gives them
 *      r30 the byte before the source   r23 the path's last byte so far   r31 descriptor
 *
 * Loads and stores that move their pointer first decide the form of each line.
 */
	.machine power8
	.text
	.globl	_start
#ifdef BESIDE
#define MESSAGE_SIZE 12
#else
#define MESSAGE_SIZE 24
#endif
/* From the stack pointer to the buffer, message and path, and to the path in it. */
#define BUFFER -0x2000
#define PATH BUFFER + MESSAGE_SIZE

_start:
	mr	26, 4
	mr	28, 6
	mr	29, 7
	bcl	20, 31, 1f
1:	mflr	30
	addi	30, 30, message - 1b - 1
	addi	23, 1, BUFFER - 1
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
	bl	copy
	addi	3, 1, PATH
	addi	4, 1, PATH
	li	5, 0x1000
	li	0, 85				/* readlink */
	sc
	/* Without /proc (error 2) the path up to here is "/p": the name is searched for in the root directory. */
	add	23, 1, 3
	lbzu	0, PATH - 1(23)
2:	cmpwi	0, '/'
	lbzu	0, -1(23)
	bne	2b
#endif
	bl	copy
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails. A dynamic linker leaves 0 at the stack pointer, the kernel argc.
	 */
	addi	9, 28, -8
	ld	0, 0(1)
	sldi.	0, 0, 3
	beq	4f
	add	9, 1, 0
	addi	9, 9, 8
3:	ldu	0, 8(9)
	cmpdi	0, 0
	bne	3b
4:	ldu	0, 8(9)
	ldu	4, 8(9)
	cmpdi	0, 23				/* AT_SECURE */
	bne	4b
	sldi	4, 4, 21			/* O_PATH */
#else
	li	4, 0
#endif
	addi	3, 1, PATH
	li	0, 5				/* open */
	sc
	bso	fail
	/* A file of another size is not ours. */
	mr	31, 3
	li	4, 0
	li	5, 2				/* SEEK_END */
	li	0, 19				/* lseek */
	sc
	lwz	4, 1(30)
	cmpd	3, 4
	bne	fail
	li	3, 0
	li	5, 5				/* PROT_READ | PROT_EXEC */
	li	6, 2				/* MAP_PRIVATE */
	mr	7, 31
	li	8, 0
	li	0, 90				/* mmap */
	sc
	bso	fail
	/* The low half: ld takes no displacement of 9. */
	lwz	4, 9(30)
	add	12, 3, 4
	mtctr	12
	bctr

fail:	li	0, '\n'
	stb	0, 0(23)
	li	3, 2
	addi	4, 1, BUFFER
	sub	5, 23, 4
	addi	5, 5, 1
	li	0, 4				/* write */
	sc
	li	3, 127
	li	0, 1				/* exit */
	sc

copy:	lbzu	0, 1(30)
	stbu	0, 1(23)
	cmpwi	0, 0
	bne	copy
	blr

message:
#ifdef BESIDE
	.ascii	"cannot load "
	.asciz	"/proc/self/exe"
#else
	.ascii	"wrap-buddy: cannot load "
#endif
