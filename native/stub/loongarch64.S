/*
 * The stub of loongarch64, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside
 * /proc/self/exe. arch/loongarch64.h has the register convention, include/parameters.h what stands after the code.
 * The kernel keeps all registers but a0 and t0 to t8. Memory below the stack pointer serves as a buffer: no signal
 * handler exists yet.
 *
 *      s0 exit function   s1 source   s2 buffer: message and path   s3 the path's end   a1 path
 */
	.text
	.globl	_start
#ifdef BESIDE
#define MESSAGE_SIZE 12
#else
#define MESSAGE_SIZE 24
#endif

_start:
	move	$s0, $a0
	pcaddi	$s1, %pcrel_20(message)
	lu12i.w	$t0, 2
	sub.d	$s2, $sp, $t0
	move	$s3, $s2
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
1:	ld.bu	$t0, $s1, 0
	addi.d	$s1, $s1, 1
	st.b	$t0, $s3, 0
	addi.d	$s3, $s3, 1
	bnez	$t0, 1b
	addi.d	$a1, $s2, MESSAGE_SIZE
	move	$a2, $a1
	li.w	$a0, -100			/* AT_FDCWD */
	lu12i.w	$a3, 1
	li.w	$a7, 78				/* readlinkat */
	syscall	0
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	bltz	$a0, 2f
	add.d	$s3, $a1, $a0
2:	addi.d	$s3, $s3, -1
	ld.bu	$t0, $s3, 0
	addi.d	$t0, $t0, -'/'
	bnez	$t0, 2b
#else
	addi.d	$a1, $s2, MESSAGE_SIZE
#endif
3:	ld.bu	$t0, $s1, 0
	addi.d	$s1, $s1, 1
	st.b	$t0, $s3, 0
	addi.d	$s3, $s3, 1
	bnez	$t0, 3b
	addi.d	$s1, $s1, 7
	bstrins.d $s1, $zero, 2, 0		/* struct parameters */
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails.
	 */
	addi.d	$a3, $sp, 8
4:	ld.d	$a2, $a3, 0
	addi.d	$a3, $a3, 8
	bnez	$a2, 4b
5:	ld.d	$a2, $a3, 0
	addi.d	$a3, $a3, 8
	bnez	$a2, 5b
6:	ld.d	$a0, $a3, 0
	ld.d	$a2, $a3, 8
	addi.d	$a3, $a3, 16
	addi.d	$a0, $a0, -23			/* AT_SECURE */
	bnez	$a0, 6b
	slli.d	$a2, $a2, 21			/* O_PATH */
#else
	move	$a2, $zero
#endif
	li.w	$a0, -100
	li.w	$a7, 56				/* openat */
	syscall	0
	/* A file of another size is not ours; a failed open fails here too. */
	move	$a4, $a0
	move	$a1, $zero
	li.w	$a2, 2				/* SEEK_END */
	li.w	$a7, 62				/* lseek */
	syscall	0
	ld.wu	$a1, $s1, 0
	bne	$a0, $a1, 7f
	move	$a0, $zero
	li.w	$a2, 5				/* PROT_READ | PROT_EXEC */
	li.w	$a3, 2				/* MAP_PRIVATE */
	move	$a5, $zero
	li.w	$a7, 222			/* mmap */
	syscall	0
	ld.d	$a1, $s1, 8
	add.d	$a5, $a0, $a1
	/* A sum below its part: it carried. */
	bltu	$a5, $a1, 7f
	move	$a0, $s0
	jr	$a5

7:	li.w	$t0, '\n'
	st.b	$t0, $s3, -1
	li.w	$a0, 2
	move	$a1, $s2
	sub.d	$a2, $s3, $s2
	li.w	$a7, 64				/* write */
	syscall	0
	li.w	$a0, 127
	li.w	$a7, 93				/* exit */
	syscall	0

message:
#ifdef BESIDE
	.ascii	"cannot load "
	.asciz	"/proc/self/exe"
#else
	.ascii	"wrap-buddy: cannot load "
#endif
