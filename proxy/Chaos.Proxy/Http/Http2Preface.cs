using System.Buffers;
using System.IO.Pipelines;

namespace Chaos.Proxy.Http;

/// <summary>
/// Tells HTTP/2 with prior knowledge from HTTP/1.1: without TLS, nothing but the first bytes says which of them a client
/// speaks (RFC 9113, 3.3 and 3.4).
/// </summary>
internal static class Http2Preface
{
    /// <summary>No method of HTTP/1.1 begins like it.</summary>
    private static ReadOnlySpan<byte> Start => "PRI * HTTP/2.0"u8;

    /// <summary>Waits for as many bytes as it takes, and takes none of them.</summary>
    /// <returns>False also where the connection ends before.</returns>
    public static async ValueTask<bool> BeginsAsync(PipeReader input)
    {
        try
        {
            while (true)
            {
                var read = await input.ReadAsync().ConfigureAwait(false);
                var fits = Fits(read.Buffer, out var complete);
                var decided = !fits || complete || read.IsCompleted || read.IsCanceled;
                input.AdvanceTo(read.Buffer.Start, decided ? read.Buffer.Start : read.Buffer.End);
                if (decided) return fits && complete;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It was reset, or cut. The server meets the same end, and cleans up.
            return false;
        }
    }

    private static bool Fits(ReadOnlySequence<byte> bytes, out bool complete)
    {
        Span<byte> first = stackalloc byte[Start.Length];
        var have = (int)Math.Min(bytes.Length, first.Length);
        bytes.Slice(0, have).CopyTo(first);
        complete = have == first.Length;
        return Start.StartsWith(first[..have]);
    }
}
