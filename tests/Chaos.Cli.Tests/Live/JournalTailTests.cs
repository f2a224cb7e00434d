using System.Text;
using Chaos.Live.Journals;

namespace Chaos.Cli.Tests.Live;

/// <summary>A journal is read while somebody else writes it.</summary>
public sealed class JournalTailTests
{
    [Fact]
    public async Task Whole_lines_come_as_they_are_written_and_half_ones_wait()
    {
        using var folder = new TempFolder();
        var path = folder["journal.jsonl"];
        var (lines, looks) = (new List<string>(), 0);
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var line in new JournalTail(path, TimeProvider.System).LinesAsync(() => Interlocked.Increment(ref looks), stop.Token))
            {
                lock (lines) lines.Add($"{line.Offset}:{Encoding.UTF8.GetString(line.Utf8.Span)}");
            }
        });
        await Wait.UntilAsync(() => Volatile.Read(ref looks) > 0, TimeSpan.FromSeconds(60), () => "nobody looked for the file");
        await using (var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite))
        {
            await WriteAsync(file, "one\ntw");
            await Wait.UntilAsync(() => Read().Count == 1, TimeSpan.FromSeconds(60), () => string.Join("|", Read()));
            var before = Volatile.Read(ref looks);
            await Wait.UntilAsync(() => Volatile.Read(ref looks) > before + 1, TimeSpan.FromSeconds(60), () => "nobody looked again");
            Assert.Equal(["0:one"], Read());
            await WriteAsync(file, "o\n\n" + new string('x', 700_000) + "\n");
            await Wait.UntilAsync(() => Read().Count == 3, TimeSpan.FromSeconds(60), () => $"{Read().Count} lines");
        }

        Assert.Equal("4:two", Read()[1]);
        Assert.Equal(700_000 + "9:".Length, Read()[2].Length);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        List<string> Read()
        {
            lock (lines) return [.. lines];
        }
    }

    private static async Task WriteAsync(FileStream file, string text)
    {
        await file.WriteAsync(Encoding.UTF8.GetBytes(text));
        await file.FlushAsync();
    }
}
