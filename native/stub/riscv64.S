/*
 * The stub of riscv64, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside
 * /proc/self/exe. arch/riscv64.h has the register convention, include/parameters.h what stands after the code.
 * The kernel keeps all registers but a0. Memory below the stack pointer serves as a buffer: no signal handler exists yet.
 *
 *      s0 exit function   s1 source   s2 buffer: message and path   s3 the path's end   a1 path
 */
	.option	norelax
	.text
	.globl	_start
#define MESSAGE_SIZE 24

_start:
	mv	s0, a0
	lla	s1, message
	lui	t0, 2
	sub	s2, sp, t0
	mv	s3, s2
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
1:	lbu	t0, (s1)
	addi	s1, s1, 1
	sb	t0, (s3)
	addi	s3, s3, 1
	bnez	t0, 1b
	addi	a1, s2, MESSAGE_SIZE
	mv	a2, a1
	li	a0, -100			/* AT_FDCWD */
	lui	a3, 1
	li	a7, 78				/* readlinkat */
	ecall
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	bltz	a0, 2f
	add	s3, a1, a0
2:	addi	s3, s3, -1
	lbu	t0, (s3)
	addi	t0, t0, -'/'
	bnez	t0, 2b
#else
	addi	a1, s2, MESSAGE_SIZE
#endif
3:	lbu	t0, (s1)
	addi	s1, s1, 1
	sb	t0, (s3)
	addi	s3, s3, 1
	bnez	t0, 3b
	addi	s1, s1, 7
	andi	s1, s1, -8			/* struct parameters */
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails.
	 */
	addi	a3, sp, 8
4:	ld	a2, (a3)
	addi	a3, a3, 8
	bnez	a2, 4b
5:	ld	a2, (a3)
	addi	a3, a3, 8
	bnez	a2, 5b
6:	ld	a0, (a3)
	ld	a2, 8(a3)
	addi	a3, a3, 16
	addi	a0, a0, -23			/* AT_SECURE */
	bnez	a0, 6b
	slli	a2, a2, 21			/* O_PATH */
#else
	li	a2, 0
#endif
	li	a0, -100
	li	a7, 56				/* openat */
	ecall
	/* A file of another size is not ours; a failed open fails here too. */
	mv	a4, a0
	li	a1, 0
	li	a2, 2				/* SEEK_END */
	li	a7, 62				/* lseek */
	ecall
	lwu	a1, (s1)
	bne	a0, a1, 7f
	li	a0, 0
	li	a2, 5				/* PROT_READ | PROT_EXEC */
	li	a3, 2				/* MAP_PRIVATE */
	li	a5, 0
	li	a7, 222				/* mmap */
	ecall
	ld	a1, 8(s1)
	add	a5, a0, a1
	/* A sum below its part: it carried. */
	bltu	a5, a1, 7f
	mv	a0, s0
	jr	a5

7:	li	t0, '\n'
	sb	t0, -1(s3)
	li	a0, 2
	mv	a1, s2
	sub	a2, s3, s2
	li	a7, 64				/* write */
	ecall
	li	a0, 127
	li	a7, 93				/* exit */
	ecall

message:
	.ascii	"wrap-buddy: cannot load "
#ifdef BESIDE
	.asciz	"/proc/self/exe"
#endif
