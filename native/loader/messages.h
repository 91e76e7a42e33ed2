/*
 * All that the loader can say. One string with a NUL after each: a number for a message is shorter in code than its
 * address.
 */
#ifndef WRAP_BUDDY_MESSAGES_H
#define WRAP_BUDDY_MESSAGES_H

#define MESSAGES(M)                                                                                                    \
	M(OK, "")                                                                                                      \
	/* errors: about the sidecar */                                                                                \
	M(DAMAGED, "damaged sidecar")                                                                                  \
	M(OTHER_VERSION, "sidecar of another version")                                                                 \
	M(OTHER_EXECUTABLE, "sidecar of another executable")                                                           \
	M(PRIVILEGED, "not used for a privileged program")                                                             \
	M(CANNOT_RESTORE, "cannot restore the entry point")                                                            \
	M(UNKNOWN_START, "started in a way that is not known")                                                         \
	/* errors: about any file */                                                                                   \
	M(CANNOT_OPEN, "cannot open")                                                                                  \
	M(CANNOT_READ, "cannot read")                                                                                  \
	M(CANNOT_MAP, "cannot map")                                                                                    \
	/* errors: about the interpreter */                                                                            \
	M(NOT_A_LINKER, "not a usable dynamic linker for this machine")                                                \
	/* the trace */                                                                                                \
	M(LOAD_BIAS, "load bias")                                                                                      \
	M(RESTORED, "entry point restored at")                                                                         \
	M(RESTORED_BY_MAP, "entry point restored by a memory file at")                                                 \
	M(INTERPRETER, "interpreter mapped at")                                                                        \
	M(DYNAMIC_IN_PLACE, "dynamic array in place at")                                                               \
	M(DYNAMIC_COPIED, "dynamic array copied to")                                                                   \
	M(JUMP_TO_PROGRAM, "jump to linked program at")                                                                \
	M(JUMP_TO_LINKER, "jump to interpreter at")

#define MESSAGE_NAME(name, text) MESSAGE_##name,
#define MESSAGE_TEXT(name, text) text "\0"
enum message { MESSAGES(MESSAGE_NAME) };

#endif
