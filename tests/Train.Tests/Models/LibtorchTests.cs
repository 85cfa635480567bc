using System.Runtime.InteropServices;
using GauRuntime.Tools;
using GauRuntime.Train.Models;

namespace GauRuntime.Train.Tests.Models;

/// <summary>What is wrong with libtorch, in words for a user.</summary>
public sealed class LibtorchTests
{
    // As dlopen says it on Debian 12.
    private const string OldLibrary =
        "/lib/x86_64-linux-gnu/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)";

    [Fact]
    public void Reason_OldCppLibrary_SaysWhichIsNeededAndWhoFindsIt() =>
        Libtorch.Reason(OldLibrary).Should().Contain("GCC 13.2").And.Contain("tools/Train/run");

    [Fact]
    public void Reason_NoLibrary_SaysWhoDownloadsIt() =>
        Libtorch.Reason("libtorch_cpu.so: cannot open shared object file: No such file or directory").Should()
            .Contain("without libtorch").And.Contain("tools/Train/run, which downloads it");

    [Theory]
    [InlineData("[enforce fail at alloc_cpu.cpp:127] . DefaultCPUAllocator: can't allocate memory: you tried to allocate "
        + "40000000000 bytes.\nException raised from alloc_cpu at ...")]
    [InlineData("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from malloc at ...")]
    public void Explained_RefusedMemory_IsOneLineWithItsCode(string message)
    {
        ToolException fault = Libtorch.Explained(new NativeFault(message)).Should().BeOfType<ToolException>().Which;
        fault.Code.Should().Be(ExitCode.Unsupported);
        fault.Message.Should().StartWith("the system refuses memory: ").And.NotContain("\n").And.NotContain("raised");
    }

    [Fact]
    public void Explained_AnotherFault_StaysWhatItIs()
    {
        NativeFault other = new("mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)");
        Libtorch.Explained(other).Should().BeSameAs(other);
        InvalidOperationException ours = new("can't allocate memory");
        Libtorch.Explained(ours).Should().BeSameAs(ours);
    }

    /// <summary>TorchSharp throws the class itself.</summary>
    private sealed class NativeFault(string message) : ExternalException(message);
}
