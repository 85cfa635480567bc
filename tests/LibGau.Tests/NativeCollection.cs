using Xunit;

namespace GauRuntime.LibGau.Tests;

/// <summary>Tests that share the published library.</summary>
[CollectionDefinition(nameof(NativeCollection))]
public sealed class NativeCollection : ICollectionFixture<PublishedLibrary>;
