/* Says in one line why this processor or system cannot run the program, before the .NET runtime starts: its own check
   knows only abort(). Compiled for any x86-64 processor, with the program's name as PROGRAM.
   Source: Intel SDM, volume 1, 14.3, and volume 2, CPUID. */
#include <cpuid.h>
#include <string.h>
#include <unistd.h>

enum { unsupported = 69, registers_saved = 0x6 /* xmm, ymm */ };

static const char *missing(void)
{
    unsigned a, b, c, d, low, high;
    const unsigned basic = bit_SSE3 | bit_SSSE3 | bit_SSE4_1 | bit_SSE4_2 | bit_POPCNT | bit_MOVBE | bit_FMA | bit_AVX;
    const unsigned extended = bit_AVX2 | bit_BMI | bit_BMI2;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & basic) != basic) return "the processor lacks AVX2, FMA or MOVBE";
    if (!(c & bit_OSXSAVE)) return "the system does not use XSAVE, so there is no AVX2";
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & registers_saved) != registers_saved) return "the system does not save AVX registers";
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & extended) != extended)
        return "the processor lacks AVX2, BMI1 or BMI2";
    if (!__get_cpuid(0x80000001, &a, &b, &c, &d) || !(c & bit_LZCNT)) return "the processor lacks LZCNT";
    return 0;
}

static char *append(char *end, const char *text)
{
    size_t length = strlen(text);
    memcpy(end, text, length);
    return end + length;
}

/* glibc hands the arguments of main to constructors; those of 101 come before all others of the program. */
__attribute__((constructor(101))) static void check(int count, char **arguments)
{
    const char *reason = missing();
    if (!reason) return;
    int json = 0;
    for (int i = 1; i < count; i++) json |= !strcmp(arguments[i], "--json");
    char line[256], *end = append(line, json ? "{\"error\":\"" : "error: ");
    end = append(append(end, reason), "; " PROGRAM " needs x86-64-v3 (Intel Haswell, AMD Zen, and later)");
    end = append(end, json ? "\",\"file\":null,\"place\":null,\"code\":69}\n" : "\n");
    ssize_t written = write(STDERR_FILENO, line, (size_t)(end - line));
    (void)written; /* there is nobody else to tell */
    _exit(unsupported);
}
