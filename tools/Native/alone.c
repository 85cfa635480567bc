/* For programs that are linked statically: what glibc would do with libraries of the system, which have to be those of its
   own version, is done without them. Nothing is loaded, whatever the system has. Users are those of /etc/passwd, and names
   of hosts are not looked up, which no program here asks for. Source: the man pages of the functions. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <grp.h>
#include <netdb.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/random.h>

void *dlopen(const char *file, int mode)
{
    (void)file, (void)mode;
    return NULL;
}

void *dlsym(void *restrict library, const char *restrict name)
{
    (void)library, (void)name;
    return NULL;
}

int dlclose(void *library)
{
    (void)library;
    return 0;
}

char *dlerror(void) { return "the program is linked statically and loads no library"; }

/* The program is the one thing that is loaded. */
int dladdr(const void *address, Dl_info *info)
{
    extern const char __executable_start[], _end[]; /* of the linker */
    const char *byte = address;
    if (byte < __executable_start || byte >= _end) return 0;
    *info = (Dl_info){.dli_fname = program_invocation_name, .dli_fbase = (void *)__executable_start};
    return 1;
}

/* What glibc itself calls, to convert between encodings. */
void *__libc_dlopen_mode(const char *file, int mode);
void *__libc_dlsym(void *library, const char *name);
void *__libc_dlvsym(void *library, const char *name, const char *version);
int __libc_dlclose(void *library);

void *__libc_dlopen_mode(const char *file, int mode) { return dlopen(file, mode); }

void *__libc_dlsym(void *library, const char *name) { return dlsym(library, name); }

void *__libc_dlvsym(void *library, const char *name, const char *version)
{
    (void)version;
    return dlsym(library, name);
}

int __libc_dlclose(void *library) { return dlclose(library); }

/* .NET's random numbers, which it reads from a device that an empty root lacks; the linker makes calls of it calls of this. */
int32_t __real_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t count);
int32_t __wrap_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t count);

int32_t __wrap_SystemNative_GetCryptographicallySecureRandomBytes(uint8_t *bytes, int32_t count)
{
    for (int32_t done = 0; done < count;) {
        ssize_t more = getrandom(bytes + done, (size_t)(count - done), 0);
        if (more < 0 && errno != EINTR) return __real_SystemNative_GetCryptographicallySecureRandomBytes(bytes, count);
        if (more > 0) done += (int32_t)more;
    }
    return 0;
}

int getpwuid_r(uid_t id, struct passwd *restrict user, char *restrict text, size_t size, struct passwd **restrict found)
{
    FILE *users = fopen("/etc/passwd", "re");
    int fault = users ? 0 : ENOENT;
    *found = NULL;
    while (!fault && !(fault = fgetpwent_r(users, user, text, size, found)) && user->pw_uid != id) *found = NULL;
    if (fault) *found = NULL;
    if (users) fclose(users);
    return fault == ENOENT ? 0 : fault;
}

int getpwnam_r(
    const char *restrict name, struct passwd *restrict user, char *restrict text, size_t size, struct passwd **restrict found)
{
    (void)name, (void)user, (void)text, (void)size;
    *found = NULL;
    return 0;
}

int getgrgid_r(gid_t id, struct group *restrict group, char *restrict text, size_t size, struct group **restrict found)
{
    (void)id, (void)group, (void)text, (void)size;
    *found = NULL;
    return 0;
}

int getgrouplist(const char *user, gid_t own, gid_t *groups, int *count)
{
    (void)user, (void)own, (void)groups;
    *count = 0;
    return -1;
}

int getaddrinfo(
    const char *restrict host, const char *restrict service, const struct addrinfo *restrict hints,
    struct addrinfo **restrict found)
{
    (void)host, (void)service, (void)hints;
    *found = NULL;
    return EAI_FAIL;
}

void freeaddrinfo(struct addrinfo *found) { (void)found; }

int getnameinfo(
    const struct sockaddr *restrict address, socklen_t length, char *restrict host, socklen_t host_length,
    char *restrict service, socklen_t service_length, int flags)
{
    (void)address, (void)length, (void)host, (void)host_length, (void)service, (void)service_length, (void)flags;
    return EAI_FAIL;
}
