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
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(number, seed);
        hash.AppendData(number);
        foreach (var name in names)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(name));
            hash.AppendData([0]);
        }

        return BinaryPrimitives.ReadInt64LittleEndian(hash.GetHashAndReset()) & long.MaxValue;
    }

    /// <summary>A random stream for a child. <see cref="Random"/> with a seed repeats on every platform and version since .NET Core 2.</summary>
    public static Random Stream(long seed, params ReadOnlySpan<string> names)
    {
        var derived = Derive(seed, names);
        return new Random(unchecked((int)(derived ^ (derived >> 32))));
    }
}
