using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Chaos.Client.Randomness;

/// <summary>
/// Derives independent seeds by name, so that a stream depends on (seed, names) and never on the order in which threads ask.
/// A seed is the first 8 bytes of SHA-256 over the parent seed and the names.
/// </summary>
public static class SeedTree
{
    /// <summary>The seed of a child, such as <c>Derive(runSeed, "experiment", "backoff")</c>.</summary>
    /// <param name="seed">The parent's seed.</param>
    /// <param name="names">Path of the child; order matters.</param>
    public static long Derive(long seed, params ReadOnlySpan<string> names)
    {
        var length = sizeof(long);
        foreach (var name in names)
            length += Encoding.UTF8.GetByteCount(name) + 1;
        // Hashed in one call: a simulation derives a million of them.
        var bytes = length <= 256 ? stackalloc byte[length] : new byte[length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, seed);
        var rest = bytes[sizeof(long)..];
        foreach (var name in names)
        {
            var written = Encoding.UTF8.GetBytes(name, rest);
            rest[written] = 0;
            rest = rest[(written + 1)..];
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadInt64LittleEndian(hash) & long.MaxValue;
    }

    /// <summary>A random stream for a child. <see cref="Random"/> with a seed repeats on every platform and version since .NET Core 2.</summary>
    public static Random Stream(long seed, params ReadOnlySpan<string> names)
    {
        var derived = Derive(seed, names);
        return new Random(unchecked((int)(derived ^ (derived >> 32))));
    }
}
