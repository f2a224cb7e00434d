using System.Runtime.CompilerServices;

namespace Chaos.Live.Journals;

/// <summary>One whole line of a journal.</summary>
/// <param name="Offset">Where it begins in the file, in bytes.</param>
/// <param name="Utf8">The line, without its end; valid until the next one is asked for.</param>
internal readonly record struct TailLine(long Offset, ReadOnlyMemory<byte> Utf8);

/// <summary>Reads a journal as it grows, whole lines only: the last one may still be on its way.</summary>
/// <param name="path">The file; it need not be there yet.</param>
/// <param name="time">Clock for the waits.</param>
internal sealed class JournalTail(string path, TimeProvider time)
{
    /// <summary>Time between two looks at a file that has been read to its end.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private byte[] _buffer = new byte[256 * 1024];

    /// <summary>All lines from the first on, and those that come; ends only when it is cancelled.</summary>
    /// <param name="caughtUp">Called whenever all that there is has been read.</param>
    /// <param name="cancel">Ends it.</param>
    public async IAsyncEnumerable<TailLine> LinesAsync(Action caughtUp, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var file = await OpenAsync(caughtUp, cancel).ConfigureAwait(false);
        var (filled, offset) = (0, 0L);
        while (true)
        {
            var read = await file.ReadAsync(_buffer.AsMemory(filled), cancel).ConfigureAwait(false);
            if (read == 0)
            {
                caughtUp();
                await Task.Delay(LookEvery, time, cancel).ConfigureAwait(false);
                continue;
            }

            filled += read;
            var start = 0;
            for (var end = IndexOfEnd(start, filled); end >= 0; end = IndexOfEnd(start, filled))
            {
                if (end > start) yield return new TailLine(offset + start, _buffer.AsMemory(start, end - start));
                start = end + 1;
            }

            _buffer.AsSpan(start, filled - start).CopyTo(_buffer);
            (filled, offset) = (filled - start, offset + start);
            if (filled == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    private int IndexOfEnd(int from, int to) => _buffer.AsSpan(from, to - from).IndexOf((byte)'\n') is >= 0 and var at ? from + at : -1;

    private async Task<FileStream> OpenAsync(Action caughtUp, CancellationToken cancel)
    {
        while (!File.Exists(path))
        {
            caughtUp();
            await Task.Delay(LookEvery, time, cancel).ConfigureAwait(false);
        }

        return new FileStream(path, new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
    }
}
