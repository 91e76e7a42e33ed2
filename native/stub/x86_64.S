/*
 * The stub of x86_64, in two forms: the file to map by its absolute path, or (BESIDE) by its name beside
 * /proc/self/exe. arch/x86_64.h has the register convention, include/parameters.h what stands after the code.
 *
 * Sizes decide the form of each line: push and pop of a register are one byte each, and the kernel keeps all registers
 * but rax, rcx and r11. A frame below the stack pointer is popped again before the jump; no signal handler exists yet.
 */
	.intel_syntax noprefix
	.text
	.globl	_start
#define FRAME_SIZE 0x1200 /* message and a path of PATH_MAX (4096) bytes */
#ifdef BESIDE
#define MESSAGE_SIZE 12
#define EXE_SIZE 15
#else
#define MESSAGE_SIZE 24
#endif

_start:
	push	rdx
	enter	FRAME_SIZE, 0
	lea	rsi, [rip + message]
	push	rsp
	pop	rdi
#ifdef BESIDE
	/* The frame begins with the message and "/proc/self/exe", which readlink then replaces by what it names. */
	push	MESSAGE_SIZE + EXE_SIZE
	pop	rcx
	rep	movsb
	push	rsi
	lea	rdi, [rdi - EXE_SIZE]
	push	rdi
	pop	rsi
	mov	edx, 0xfff
	push	89				/* readlink */
	pop	rax
	syscall
	/* Without /proc the name is searched for in /proc/self, which is what the message then says. */
	and	eax, edx
	pop	rsi
1:	dec	eax
	cmp	byte ptr [rdi + rax], '/'
	jne	1b
	add	rdi, rax
#endif
2:	lodsb
	stosb
	test	al, al
	jnz	2b
	push	rsi
	pop	rbx				/* struct parameters */
	push	rdi				/* the path's end */
#ifdef BESIDE
	/*
	 * AT_SECURE: whoever can make a hard link to this executable chooses the directory. The flag becomes O_PATH,
	 * so that nothing is opened and lseek fails. rcx only has to be large: an emulator leaves it 0 after a call.
	 */
	push	rsp
	pop	rcx
	lea	rdi, [rbp + 24]
	xor	eax, eax
	repne	scasq
	repne	scasq
	push	rdi
	pop	rsi
3:	lodsq
	cmp	al, 23				/* AT_SECURE */
	lodsq
	jne	3b
	shl	eax, 21				/* O_PATH */
	xchg	esi, eax
#else
	xor	esi, esi
#endif
	lea	rdi, [rsp + 8 + MESSAGE_SIZE]
	push	2				/* open, SEEK_END, MAP_PRIVATE */
	pop	rdx
	mov	eax, edx
	syscall
	/* A file of another size is not ours; a failed open fails here too. */
	xchg	edi, eax
	push	8				/* lseek */
	pop	rax
	syscall
	cmp	eax, [rbx]
	jne	fail
	xchg	esi, eax
	mov	r10d, edx
	mov	dl, 5				/* PROT_READ | PROT_EXEC */
	mov	r8d, edi
	xor	edi, edi
	xor	r9d, r9d
	mov	al, 9				/* mmap */
	syscall
	add	rax, [rbx + 8]
	jc	fail
	leave
	pop	rdx
	jmp	rax

fail:	pop	rdi
	mov	byte ptr [rdi - 1], '\n'
	mov	edx, edi
	push	rsp
	pop	rsi
	sub	edx, esi
	push	1				/* write */
	pop	rax
	push	2
	pop	rdi
	syscall
	push	127
	pop	rdi
	push	60				/* exit */
	pop	rax
	syscall

#ifdef BESIDE
message:
	.ascii	"cannot load "
	.asciz	"/proc/self/exe"
#else
message:
	.ascii	"wrap-buddy: cannot load "
#endif
