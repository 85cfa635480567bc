using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace GauRuntime.Desktop.Server;

/// <summary>The secret that the window knows and no other page or process: 256 random bits, for one run.</summary>
internal sealed partial class AccessToken
{
    /// <summary>The header that every call of the page carries it in.</summary>
    public const string HeaderName = "X-Gau-Token";

    private const int Bytes = 32;

    private readonly byte[] expected;

    public AccessToken()
    {
        Text = System.Convert.ToHexStringLower(RandomBytes());
        expected = Encoding.ASCII.GetBytes(Text);
    }

    /// <summary>It, as 64 hexadecimal digits.</summary>
    public string Text { get; }

    /// <summary>Whether a text is it; takes as long wherever the first difference is.</summary>
    public bool Is(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), expected);

    // .NET's generator is that of OpenSSL on Linux, without which it ends the process.
    private static byte[] RandomBytes()
    {
        if (!OperatingSystem.IsLinux())
            return RandomNumberGenerator.GetBytes(Bytes);
        byte[] bytes = new byte[Bytes];
        return GetRandom(bytes, Bytes, 0) == Bytes
            ? bytes
            : throw new PlatformNotSupportedException(
                "the system has no random numbers: getrandom, of Linux 3.17, failed");
    }

    [LibraryImport("libc", EntryPoint = "getrandom")]
    private static partial nint GetRandom([Out] byte[] bytes, nuint length, uint flags);
}
