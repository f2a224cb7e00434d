using System.Threading.Channels;
using Chaos.Journal.Events;

namespace Chaos.Journal.IO;

/// <summary>Where parts of the harness put their events.</summary>
public interface IJournal
{
    /// <summary>Appends an event. Never blocks and never throws for a full disk; the failure surfaces from <see cref="JournalWriter.Completion"/>.</summary>
    void Write(JournalEvent entry);
}

/// <summary>
/// Appends events to a file, one JSON object a line, from any thread. What was written is handed to the operating system at once
///, so that it survives `kill -9` of this process.
/// </summary>
public sealed class JournalWriter : IJournal, IAsyncDisposable
{
    private readonly Channel<JournalEvent> _queue = Channel.CreateUnbounded<JournalEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly FileStream _file;
    private readonly Task _pump;

    /// <summary>Opens <paramref name="path"/> for appending; creates it, and its folder, if need be.</summary>
    public JournalWriter(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        _file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0,
        });
        FilePath = path;
        _pump = Task.Run(PumpAsync);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>Ends when the journal is closed; faults when the file could not be written.</summary>
    public Task Completion => _pump;

    /// <inheritdoc />
    public void Write(JournalEvent entry) => _queue.Writer.TryWrite(entry);

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        try
        {
            await _pump.ConfigureAwait(false);
        }
        finally
        {
            await _file.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task PumpAsync()
    {
        using var batch = new MemoryStream();
        while (await _queue.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            while (_queue.Reader.TryRead(out var entry))
            {
                batch.Write(JournalFormat.ToUtf8(entry));
                batch.WriteByte((byte)'\n');
                if (batch.Length > 256 * 1024) break;
            }

            // One write a batch: whole lines reach the kernel together, so only a crash of the machine can tear one.
            await _file.WriteAsync(batch.GetBuffer().AsMemory(0, (int)batch.Length)).ConfigureAwait(false);
            batch.SetLength(0);
        }
    }
}
