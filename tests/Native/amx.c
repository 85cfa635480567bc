/* Plays the AMX instructions for a program on any x86-64 Linux with glibc: LD_PRELOAD=./amx.so program
   The processor refuses them by SIGILL; here they are carried out, with the tiles of each thread in memory, and the
   program goes on behind them. Every other SIGILL goes to the handler that the program, or .NET, has installed: what it
   asks of sigaction for that signal, by that name or through dlsym, is only kept. Source: Intel SDM, volume 2.
     gcc -O3 -march=native -shared -fPIC -o amx.so amx.c
   AMX_COUNT=FILE  writes there at the end how many products and configurations there were
   AMX_WRONG=1     makes every product wrong in one bit */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

enum { tiles = 8, most_rows = 16, most_bytes = 64, config_bytes = 64, bytes_at = 16, rows_at = 48 };
enum { no_prefix, prefix_66, prefix_f3, prefix_f2 };

struct state {
    uint8_t tile[tiles][most_rows][most_bytes];
    uint8_t config[config_bytes]; /* palette 0: the tiles are released */
};

static __thread struct state state __attribute__((tls_model("initial-exec")));
static struct sigaction next; /* the program's handler */
static long products, configurations;
static int wrong;

static int bytes_of(int t) { return state.config[bytes_at + 2 * t] | state.config[bytes_at + 2 * t + 1] << 8; }

static int rows_of(int t) { return state.config[rows_at + t]; }

static int is_tile(int t) { return t < tiles && state.config[0] == 1 && rows_of(t) > 0; }

static int configure(const uint8_t *source)
{
    memset(&state, 0, sizeof state);
    if (source[0] == 0) return 1;
    for (int t = 0; t < tiles; t++) {
        int bytes = source[bytes_at + 2 * t] | source[bytes_at + 2 * t + 1] << 8, rows = source[rows_at + t];
        if (bytes > most_bytes || rows > most_rows || (bytes == 0) != (rows == 0)) return 0;
    }
    if (source[0] != 1 || source[1] != 0) return 0;
    memcpy(state.config, source, config_bytes);
    __atomic_add_fetch(&configurations, 1, __ATOMIC_RELAXED);
    return 1;
}

static int load(int t, const uint8_t *source, int64_t stride)
{
    if (!is_tile(t)) return 0;
    memset(state.tile[t], 0, sizeof state.tile[t]);
    for (int row = 0; row < rows_of(t); row++) memcpy(state.tile[t][row], source + row * stride, (size_t)bytes_of(t));
    return 1;
}

static int store(int t, uint8_t *target, int64_t stride)
{
    if (!is_tile(t)) return 0;
    for (int row = 0; row < rows_of(t); row++) memcpy(target + row * stride, state.tile[t][row], (size_t)bytes_of(t));
    return 1;
}

/* sums += a b, of bytes in groups of four; each factor signed or not. */
static int multiply(int sums, int a, int b, int a_signed, int b_signed)
{
    if (!is_tile(sums) || !is_tile(a) || !is_tile(b) || sums == a || sums == b || a == b
        || rows_of(sums) != rows_of(a) || bytes_of(a) != 4 * rows_of(b) || bytes_of(sums) != bytes_of(b))
        return 0;
    enum { columns = most_bytes / 4 }; /* those beyond the tile are of zeros */
    int32_t factors[most_bytes][columns], sum[columns];
    for (int k = 0; k < bytes_of(a); k++)
        for (int column = 0; column < columns; column++) {
            uint8_t y = state.tile[b][k / 4][4 * column + k % 4];
            factors[k][column] = b_signed ? (int8_t)y : y;
        }
    for (int row = 0; row < rows_of(sums); row++) {
        memcpy(sum, state.tile[sums][row], sizeof sum);
        for (int k = 0; k < bytes_of(a); k++) {
            uint8_t x = state.tile[a][row][k];
            int32_t factor = a_signed ? (int8_t)x : x;
            for (int column = 0; column < columns; column++) sum[column] += factor * factors[k][column];
        }
        if (wrong) sum[0] ^= 1;
        memcpy(state.tile[sums][row], sum, (size_t)bytes_of(sums));
    }
    __atomic_add_fetch(&products, 1, __ATOMIC_RELAXED);
    return 1;
}

struct operand {
    uint8_t *address; /* without the index of a tile's */
    int64_t stride;   /* the index times its scale */
    int length;       /* bytes from ModRM on */
};

static struct operand memory(const uint8_t *code, int extra_base, int extra_index, const greg_t *registers)
{
    static const int order[] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                 REG_R8, REG_R9, REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15 };
    int mod = code[0] >> 6, base = code[0] & 7, length = 1;
    int64_t address = 0;
    struct operand operand = { 0 };
    if (base == 4) { /* SIB */
        int index = (code[1] >> 3 & 7) | extra_index;
        if (index != 4) operand.stride = registers[order[index]] * (1 << (code[1] >> 6));
        base = code[1] & 7;
        length++;
        if (mod != 0 || base != 5) address = registers[order[base | extra_base]];
        else mod = 2; /* no base, and 32 bits */
    } else if (mod == 0 && base == 5) {
        operand.length = length + 4;
        address = registers[REG_RIP] + 4 + operand.length; /* from behind the instruction */
        mod = 2;
    } else {
        address = registers[order[base | extra_base]];
    }
    if (mod == 1) address += (int8_t)code[length++];
    if (mod == 2) {
        int32_t displacement;
        memcpy(&displacement, code + length, sizeof displacement);
        address += displacement;
        length += 4;
    }
    operand.address = (uint8_t *)address;
    operand.length = length;
    return operand;
}

/* Carries out the instruction where the program stands: its length, or 0 where it is none of AMX, or not allowed. */
static int execute(const greg_t *registers)
{
    const uint8_t *code = (const uint8_t *)registers[REG_RIP];
    if (code[0] != 0xC4 || (code[1] & 0x1F) != 2 || (code[2] & 0x84) != 0) return 0; /* VEX.128.0F38.W0 */
    int prefix = code[2] & 3, third = ~code[2] >> 3 & 15, opcode = code[3], modrm = code[4];
    int reg = (modrm >> 3 & 7) | (code[1] & 0x80 ? 0 : 8), is_register = modrm >> 6 == 3;
    int base = code[1] & 0x20 ? 0 : 8, index = code[1] & 0x40 ? 0 : 8;
    if (opcode == 0x5E && is_register) {
        int a_signed = prefix == prefix_f2 || prefix == prefix_f3, b_signed = prefix == prefix_f2 || prefix == prefix_66;
        return multiply(reg, (modrm & 7) | base, third, a_signed, b_signed) ? 5 : 0;
    }
    if (opcode == 0x49 && is_register) {
        if (prefix == no_prefix && modrm == 0xC0) {
            memset(&state, 0, sizeof state);
            return 5;
        }
        if (prefix != prefix_f2 || (modrm & 7) != 0 || !is_tile(reg)) return 0;
        memset(state.tile[reg], 0, sizeof state.tile[reg]);
        return 5;
    }
    if ((opcode != 0x49 && opcode != 0x4B) || is_register) return 0;
    struct operand operand = memory(code + 4, base, index, registers);
    int done = 0;
    if (opcode == 0x49) { /* an ordinary address */
        operand.address += operand.stride;
        if (prefix == no_prefix) done = configure(operand.address);
        if (prefix == prefix_66) {
            memcpy(operand.address, state.config, config_bytes);
            done = 1;
        }
    } else if ((modrm & 7) == 4) {
        if (prefix == prefix_f2 || prefix == prefix_66) done = load(reg, operand.address, operand.stride);
        if (prefix == prefix_f3) done = store(reg, operand.address, operand.stride);
    }
    return done ? 4 + operand.length : 0;
}

typedef int action(int, const struct sigaction *, struct sigaction *);
typedef void *lookup(void *, const char *);

static lookup *real_dlsym(void)
{
    static lookup *found;
    if (!found) found = (lookup *)dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
    if (!found) found = (lookup *)dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
    return found;
}

static action *real_sigaction(void)
{
    static action *found;
    if (!found) found = (action *)real_dlsym()(RTLD_NEXT, "sigaction");
    return found;
}

static void handle(int number, siginfo_t *info, void *context)
{
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    int length = execute(registers);
    if (length > 0) {
        registers[REG_RIP] += length;
    } else if (next.sa_flags & SA_SIGINFO) {
        next.sa_sigaction(number, info, context);
    } else if (next.sa_handler != SIG_DFL && next.sa_handler != SIG_IGN) {
        next.sa_handler(number);
    } else { /* the instruction is tried once more, and ends the program */
        struct sigaction usual = { 0 };
        usual.sa_handler = SIG_DFL;
        real_sigaction()(number, &usual, NULL);
    }
}

int sigaction(int number, const struct sigaction *wanted, struct sigaction *before)
{
    if (number != SIGILL) return real_sigaction()(number, wanted, before);
    struct sigaction last = next;
    if (wanted) next = *wanted;
    if (before) *before = last;
    return 0;
}

int __sigaction(int number, const struct sigaction *wanted, struct sigaction *before)
{
    return sigaction(number, wanted, before);
}

/* Ends in a jump, as optimized code does: with RTLD_NEXT it matters who calls. */
void *dlsym(void *handle, const char *name)
{
    if (handle != RTLD_NEXT && (!strcmp(name, "sigaction") || !strcmp(name, "__sigaction"))) return (void *)sigaction;
    return real_dlsym()(handle, name);
}

__attribute__((constructor)) static void begin(void)
{
    wrong = getenv("AMX_WRONG") != NULL;
    struct sigaction ours = { 0 };
    ours.sa_sigaction = handle;
    ours.sa_flags = SA_SIGINFO | SA_RESTART;
    sigfillset(&ours.sa_mask);
    real_sigaction()(SIGILL, &ours, &next);
}

__attribute__((destructor)) static void end(void)
{
    const char *name = getenv("AMX_COUNT");
    int file = name && products > 0 ? open(name, O_WRONLY | O_CREAT | O_TRUNC, 0644) : -1;
    if (file < 0) return;
    dprintf(file, "%ld products, %ld configurations\n", products, configurations);
    close(file);
}
