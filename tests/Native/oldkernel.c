/* oldkernel LAST PROGRAM ARGUMENT…: runs a program to which every system call with a number above LAST is unknown (ENOSYS),
   as to a kernel that is older than those calls: their numbers ascend in the order in which Linux got them.
   Source: seccomp(2); arch/x86/entry/syscalls/syscall_64.tbl of Linux. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <unistd.h>

int main(int count, char **arguments)
{
    if (count < 3) return fputs("usage: oldkernel LAST PROGRAM ARGUMENT...\n", stderr), 2;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (unsigned)atoi(arguments[1]), 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {sizeof code / sizeof *code, code};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
        return perror("seccomp"), 71;
    execvp(arguments[2], arguments + 2);
    perror(arguments[2]);
    return 127;
}
