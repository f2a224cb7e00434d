namespace Chaos.Proxy.Links;

/// <summary>
/// How much all lanes of the process hold back together. One lane may hold what a long path would; a thousand stuck lanes must
/// not take a thousand times as much.
/// </summary>
internal sealed class QueueBudget
{
    /// <summary>Bytes that all lanes together may hold before each of them is kept short.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    private long _bytes;

    public bool IsUsedUp => Interlocked.Read(ref _bytes) >= MaxBytes;

    /// <summary>Bytes came in, or (negative) left.</summary>
    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
