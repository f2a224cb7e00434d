using System.Buffers;
using System.Text.Json;

namespace Chaos.Proxy.Ledger;

/// <summary>
/// Writes what the proxy did and saw as JSON lines. Lines are formatted where they happen, into one buffer; a background
/// loop writes it out in batches. Memory is bounded: when the disk falls too far behind, lines about single items are
/// left out and counted, all others are kept.
/// </summary>
internal sealed partial class LedgerWriter : IAsyncDisposable
{
    private const int MaxBufferedBytes = 32 * 1024 * 1024;

    // A line that comes alone goes out at once. Where more follow, to wake the loop and to write for each of them would take more
    // time than the traffic itself.
    private static readonly TimeSpan BetweenBatches = TimeSpan.FromMilliseconds(2);

    private static readonly JsonEncodedText Kind = JsonEncodedText.Encode("kind");

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _pending = new(0);
    private readonly Stream? _output;
    private readonly Utf8JsonWriter _json;
    private readonly Task _loop;
    private ArrayBufferWriter<byte> _filling = new();
    private ArrayBufferWriter<byte> _writing = new();
    private bool _signalled;
    private bool _stopped;
    private bool _isOutputBroken;
    private long _line;
    private long _dropped;

    /// <param name="output">Where lines go; null for nowhere but to listeners.</param>
    public LedgerWriter(Stream? output)
    {
        _output = output;
        _json = new Utf8JsonWriter(_filling);
        _loop = output is null ? Task.CompletedTask : Task.Run(WriteOutAsync);
    }

    public LedgerClock Clock { get; } = new();

    /// <summary>Who listens to lines as they come.</summary>
    public LedgerStream Stream { get; } = new();

    /// <summary>Lines left out because the output was too slow.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Writes out what is left, lets listeners have it, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        bool first;
        lock (_gate)
        {
            first = !_stopped;
            _stopped = true;
        }
        Stream.Complete();
        if (first) _pending.Release();
        await _loop.ConfigureAwait(false);
        _pending.Dispose();
        await _json.DisposeAsync().ConfigureAwait(false);
    }

    /// <param name="link">The link it is about; null for the whole proxy.</param>
    private void Write<T>(string kind, string? link, T line, Action<Utf8JsonWriter, T> members, bool mayDrop = false)
    {
        // Nobody is there to hear it most of the time; to find that out must cost nothing.
        var isHeard = Stream.Hears(kind, link);
        if (_output is null && !isHeard) return;
        lock (_gate)
        {
            if (_stopped) return;
            var isWritten = _output is not null && !_isOutputBroken;
            if (mayDrop && _filling.WrittenCount > MaxBufferedBytes)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            var start = _filling.WrittenCount;
            _json.Reset(_filling);
            _json.WriteStartObject();
            _json.WriteString(Kind, kind);
            _json.WriteNumber("at", Clock.NowUs);
            members(_json, line);
            _json.WriteEndObject();
            _json.Flush();
            _line++;
            if (isHeard) Stream.Offer(_line, kind, link, _filling.WrittenSpan[start..]);
            if (!isWritten)
            {
                _filling.ResetWrittenCount();
                return;
            }
            _filling.Write("\n"u8);
            if (_signalled) return;
            _signalled = true;
        }
        _pending.Release();
    }

    private async Task<bool> TryWriteOutAsync()
    {
        try
        {
            await _output!.WriteAsync(_writing.WrittenMemory).ConfigureAwait(false);
            await _output.FlushAsync().ConfigureAwait(false);
            return true;
        }
        catch (IOException e)
        {
            // The reader of the pipe is gone, or the disk is full. Traffic goes on; there is nobody to record it for.
            await Console.Error.WriteLineAsync($"ledger: {e.Message}; no more lines are written").ConfigureAwait(false);
            lock (_gate)
                _isOutputBroken = true;
            return false;
        }
    }

    private async Task WriteOutAsync()
    {
        while (true)
        {
            await _pending.WaitAsync().ConfigureAwait(false);
            bool stopped;
            lock (_gate)
            {
                (_filling, _writing) = (_writing, _filling);
                _signalled = false;
                stopped = _stopped;
            }
            if (_writing.WrittenCount > 0)
            {
                if (!await TryWriteOutAsync().ConfigureAwait(false)) return;
                _writing.ResetWrittenCount();
            }
            if (stopped) return;
            await Task.Delay(BetweenBatches).ConfigureAwait(false);
        }
    }
}
