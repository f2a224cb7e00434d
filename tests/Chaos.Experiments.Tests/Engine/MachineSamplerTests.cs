using System.Collections.Concurrent;
using System.Diagnostics;
using Chaos.Experiments.Engine.Machine;
using Chaos.Journal;
using Chaos.Journal.Events;
using Chaos.Journal.IO;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

/// <summary>Who uses the machine: the process that is asked about and its children, or others.</summary>
public sealed class MachineSamplerTests
{
    private const string LinuxOnly = "only Linux tells who uses the processors";

    [Fact]
    public async Task What_a_child_takes_is_its_own()
    {
        Assert.SkipUnless(ProcessorTimes.AreKnown, LinuxOnly);
        var before = ProcessorTimes.Read(Environment.ProcessId);
        using var busy = Start("while :; do :; done");
        await UntilAsync(() => ProcessorTimes.Read(Environment.ProcessId).Own > before.Own + 50);
        busy.Kill();
        await busy.WaitForExitAsync(TestContext.Current.CancellationToken);
        // Its time stays when it has ended.
        Assert.True(ProcessorTimes.Read(Environment.ProcessId).Own > before.Own + 50);
    }

    [Fact]
    public async Task What_a_stranger_takes_is_others()
    {
        Assert.SkipUnless(ProcessorTimes.AreKnown, LinuxOnly);
        using var idle = Start("sleep 600");
        using var busy = Start("while :; do :; done");
        var journal = new Lines();
        await using (new MachineSampler(journal, new Clock(), idle.Id))
            await UntilAsync(() => journal.Samples.Any(s => s.Others > 0.5 / Environment.ProcessorCount));
        Assert.All(journal.Samples, s =>
        {
            Assert.InRange(s.Own, 0, 0.05);
            Assert.InRange(s.Own + s.Others + s.Idle, 0, 1.01);
        });
        busy.Kill();
        idle.Kill();
    }

    private static Process Start(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]))!;

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(60), "the condition was not met in time");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    private sealed class Lines : IJournal
    {
        private readonly ConcurrentQueue<JournalEvent> _events = new();

        public IReadOnlyList<MachineSampled> Samples => [.. _events.OfType<MachineSampled>()];

        public void Write(JournalEvent entry) => _events.Enqueue(entry);
    }
}
