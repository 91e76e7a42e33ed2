/*
 * The stub of s390x, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside /proc/self/exe.
 * arch/s390x.h has the register convention, include/parameters.h what stands after the code.
 * The kernel keeps all registers but r2. Memory below the stack pointer serves as a buffer: no signal handler exists yet.
 *
 *      r10 source   r11 buffer: message and path   r12 the path's end   r9 path   r14, r15 as at process entry
 */
	.text
	.globl	_start
#define MESSAGE_SIZE 24
#define EXE_SIZE 15

_start:
	larl	%r10, message
	lay	%r11, -0x2000(%r15)
	la	%r9, MESSAGE_SIZE(%r11)
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
	mvc	0(MESSAGE_SIZE + EXE_SIZE, %r11), 0(%r10)
	la	%r10, MESSAGE_SIZE + EXE_SIZE(%r10)
	la	%r12, EXE_SIZE(%r9)
	lgr	%r2, %r9
	lgr	%r3, %r9
	lghi	%r4, 0x1000
	svc	85				/* readlink */
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	ltgr	%r2, %r2
	jl	1f
	la	%r12, 0(%r2, %r9)
1:	aghi	%r12, -1
	cli	0(%r12), '/'
	jne	1b
#else
	lgr	%r12, %r11
#endif
2:	mvc	0(1, %r12), 0(%r10)
	la	%r10, 1(%r10)
	la	%r12, 1(%r12)
	cli	0(%r10), 0
	jne	2b
	mvi	0(%r12), 0
	la	%r10, 8(%r10)
	nill	%r10, 0xfff8			/* struct parameters */
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails.
	 */
	lgr	%r1, %r15
3:	la	%r1, 8(%r1)
	ltg	%r2, 0(%r1)
	jne	3b
4:	la	%r1, 8(%r1)
	ltg	%r2, 0(%r1)
	jne	4b
5:	lmg	%r2, %r3, 8(%r1)
	la	%r1, 16(%r1)
	cghi	%r2, 23				/* AT_SECURE */
	jne	5b
	sllg	%r3, %r3, 21			/* O_PATH */
#else
	lghi	%r3, 0
#endif
	lgr	%r2, %r9
	svc	5				/* open */
	/* A file of another size is not ours; a failed open fails here too. */
	lgr	%r6, %r2
	lghi	%r3, 0
	lghi	%r4, 2				/* SEEK_END, MAP_PRIVATE */
	svc	19				/* lseek */
	cgf	%r2, 0(%r10)
	jne	6f
	/* mmap takes its six arguments in memory. */
	lgr	%r5, %r4
	lghi	%r4, 5				/* PROT_READ | PROT_EXEC */
	lgr	%r3, %r2
	lghi	%r2, 0
	lghi	%r7, 0
	lay	%r1, -64(%r15)
	stmg	%r2, %r7, 0(%r1)
	lgr	%r2, %r1
	svc	90				/* mmap */
	alg	%r2, 8(%r10)
	brc	3, 6f
	br	%r2

6:	mvi	0(%r12), '\n'
	lghi	%r2, 2
	lgr	%r3, %r11
	la	%r4, 1(%r12)
	sgr	%r4, %r11
	svc	4				/* write */
	lghi	%r2, 127
	svc	1				/* exit */

message:
	.ascii	"wrap-buddy: cannot load "
#ifdef BESIDE
	.asciz	"/proc/self/exe"
#endif
