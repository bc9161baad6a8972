/* What stands at the beginning of every shared library for Android: the handle by which the C library knows it again,
 * so that what was registered with atexit runs when it is unloaded, and a note of the API level it is made for. */

#define OWN __attribute__((visibility("hidden")))

extern int __cxa_atexit(void (*handler)(void *), void *argument, void *library);
extern void __cxa_finalize(void *library);

OWN void *__dso_handle = &__dso_handle;

OWN int atexit(void (*handler)(void)) {
    return __cxa_atexit((void (*)(void *))handler, 0, &__dso_handle);
}

static __attribute__((destructor)) void unload(void) {
    __cxa_finalize(&__dso_handle);
}

/* An ELF note: the lengths of name and content, its type, name, content. */
static __attribute__((section(".note.android.ident"), used, aligned(4))) const struct {
    int name_length, length, type;
    char name[8];
    int api_level;
} identity = {sizeof "Android", sizeof(int), 1, "Android", __ANDROID_API__};
