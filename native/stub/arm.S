/*
 * The stub of arm, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside /proc/self/exe;
 * each for an entry point in ARM state, or (STATE_thumb) in Thumb state. arch/arm.h has the register convention,
 * include/parameters.h what stands after the code.
 *
 * All but two instructions are Thumb as ARMv6 has it, and run at any even address: no literal pool, no `adr`. The kernel
 * keeps all registers but r0. Memory below the stack pointer serves as a buffer: no signal handler exists yet.
 *
 *      r8 exit function   r4 source   r11 buffer: message and path   r5, r9 the path's end   r6 struct parameters
 */
	.syntax	unified
	.text
	.globl	_start
#define MESSAGE_SIZE 24

_start:
#ifndef STATE_thumb
	.arm
	add	r12, pc, #1
	bx	r12
#endif
	.thumb
	mov	r8, r0
	b	load_message_address
1:	mov	r4, lr
	subs	r4, #1
	movs	r3, #0x20
	lsls	r3, r3, #8
	mov	r5, sp
	subs	r5, r5, r3
	mov	r11, r5
#ifdef BESIDE
	/* The buffer begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
2:	ldrb	r3, [r4]
	adds	r4, #1
	strb	r3, [r5]
	adds	r5, #1
	cmp	r3, #0
	bne	2b
	mov	r1, r11
	adds	r1, #MESSAGE_SIZE
	mov	r0, r1
	movs	r2, #0xff
	lsls	r2, r2, #4
	movs	r7, #85				/* readlink */
	svc	#0
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	cmp	r0, #0
	blt	3f
	adds	r5, r1, r0
3:	subs	r5, #1
	ldrb	r3, [r5]
	cmp	r3, #'/'
	bne	3b
#endif
4:	ldrb	r3, [r4]
	adds	r4, #1
	strb	r3, [r5]
	adds	r5, #1
	cmp	r3, #0
	bne	4b
	mov	r9, r5
	adds	r6, r4, #3
	movs	r3, #3
	bics	r6, r3
	mov	r0, r11
	adds	r0, #MESSAGE_SIZE
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails.
	 */
	add	r4, sp, #4
5:	ldmia	r4!, {r1}
	cmp	r1, #0
	bne	5b
6:	ldmia	r4!, {r1}
	cmp	r1, #0
	bne	6b
7:	ldmia	r4!, {r1, r2}
	cmp	r1, #23				/* AT_SECURE */
	bne	7b
	lsls	r1, r2, #21			/* O_PATH */
#else
	movs	r1, #0
#endif
	movs	r7, #5				/* open */
	svc	#0
	/* A file of another size is not ours; a failed open fails here too. */
	mov	r4, r0
	movs	r1, #0
	movs	r2, #2				/* SEEK_END, MAP_PRIVATE */
	movs	r7, #19				/* lseek */
	svc	#0
	ldr	r1, [r6]
	cmp	r0, r1
	bne	fail
	movs	r0, #0
	mov	r3, r2
	movs	r2, #5				/* PROT_READ | PROT_EXEC */
	movs	r5, #0
	movs	r7, #192			/* mmap2 */
	svc	#0
	ldr	r1, [r6, #8]
	adds	r1, r1, r0
	bcs	fail
	mov	r0, r8
	bx	r1

fail:	mov	r2, r9
	mov	r1, r11
	movs	r3, #'\n'
	subs	r2, #1
	strb	r3, [r2]
	subs	r2, r2, r1
	adds	r2, #1
	movs	r0, #2
	movs	r7, #4				/* write */
	svc	#0
	movs	r0, #127
	movs	r7, #1				/* exit */
	svc	#0

load_message_address:
	bl	1b
message:
	.ascii	"wrap-buddy: cannot load "
#ifdef BESIDE
	.asciz	"/proc/self/exe"
#endif
