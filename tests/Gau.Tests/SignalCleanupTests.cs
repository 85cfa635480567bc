using FluentAssertions;
using GauRuntime.Tools;
using Xunit;

namespace GauRuntime.Cli.Tests;

/// <summary>What is done for a signal, while the program goes on.</summary>
public sealed class SignalCleanupTests
{
    [Fact]
    public void End_WhatTheProgramHasRemovedToo_IsNoFaultAndLetsTheProgramWait()
    {
        FluentActions.Invoking(() => SignalCleanup.End(() => throw new DirectoryNotFoundException()))
            .Should().NotThrow();
        SignalCleanup.IsEnding.Should().BeTrue();
    }
}
