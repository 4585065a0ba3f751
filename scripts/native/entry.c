/*
 * The first code of the native executable. It runs before Bun, mends two things that would end Bun before
 * lbcheck begins, and jumps to Bun's own start.
 *
 * entry.ts compiles it for one executable, and puts it there. By then the dynamic linker has done its
 * work, and the functions of the C library can be called. Bun has a table of those that it imports; they
 * are called through its slots here. The build tells the linker the addresses of the slots, and that of
 * Bun's start.
 */
#include <stddef.h>

extern char *(*slot_of_getcwd)(char *path, size_t size);
extern int (*slot_of_chdir)(const char *path);
extern void *(*slot_of_dlsym)(void *library, const char *name);
extern int (*slot_of_getrlimit)(int resource, unsigned long limits[2]);
extern int (*slot_of_pthread_attr_init)(void *attributes);
extern int (*slot_of_pthread_attr_setstack)(void *attributes, void *lowest, size_t size);
extern int (*slot_of_pthread_getattr_np)(unsigned long thread, void *attributes);

/* Keeps the stack and rdx, which belong to Bun's start, as they are. It must be the first code. */
__asm__("	.globl start\n"
        "start:\n"
        "	push %rdx\n"
        "	sub $8, %rsp\n"
        "	call prepare\n"
        "	add $8, %rsp\n"
        "	pop %rdx\n"
        "	jmp start_of_bun\n");

enum { PAGE = 4096, AT_EXECFN = 31, RLIMIT_STACK = 3, MOST_STACK = 8 << 20 };

/*
 * The end of the main thread's stack. The kernel puts the path of the executable there, and eight bytes
 * of zeros behind it.
 */
static char *end_of_stack(void)
{
	unsigned long (*getauxval)(unsigned long) = slot_of_dlsym(NULL, "getauxval");
	char *end = (char *)getauxval(AT_EXECFN);

	while (*end++)
		;
	return (char *)(((size_t)end + 8 + PAGE - 1) & -(size_t)PAGE);
}

/*
 * Tells where the stack of a thread is. For the main thread the C library reads /proc/self/maps; where it
 * cannot, the answer is made here, since Bun does not start without it. The limit of the stack may be
 * infinite, so that no more than the usual 8 MiB are told.
 */
static int getattr(unsigned long thread, void *attributes)
{
	int (*original)(unsigned long, void *) = slot_of_dlsym(NULL, "pthread_getattr_np");
	unsigned long limits[2] = { MOST_STACK, MOST_STACK };

	if (original(thread, attributes) == 0)
		return 0;
	slot_of_getrlimit(RLIMIT_STACK, limits);
	if (limits[0] > MOST_STACK)
		limits[0] = MOST_STACK;
	slot_of_pthread_attr_init(attributes);
	return slot_of_pthread_attr_setstack(attributes, end_of_stack() - limits[0], limits[0]);
}

/*
 * Bun does not start in a directory that has no path: one that was deleted, that lies outside the root
 * directory, or whose path is too long.
 */
__attribute__((used)) static void prepare(void)
{
	char path[PAGE];

	if (slot_of_getcwd(path, sizeof path) == NULL || path[0] != '/')
		slot_of_chdir("/");
	slot_of_pthread_getattr_np = getattr;
}
