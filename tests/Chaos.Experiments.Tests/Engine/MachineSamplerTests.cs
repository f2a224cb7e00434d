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
        using (var busy = new Script("while :; do :; done"))
        {
            await UntilAsync(() => ProcessorTimes.Read(Environment.ProcessId).Own > before.Own + 50);
        }

        // Its time stays when it has ended.
        Assert.True(ProcessorTimes.Read(Environment.ProcessId).Own > before.Own + 50);
    }

    [Fact]
    public async Task What_a_stranger_takes_is_others()
    {
        Assert.SkipUnless(ProcessorTimes.AreKnown, LinuxOnly);
        using var idle = new Script("sleep 600");
        using var busy = new Script("while :; do :; done");
        var journal = new Lines();
        await using (new MachineSampler(journal, new Clock(), idle.Id))
            await UntilAsync(() => journal.Samples.Any(s => s.Others > 0.5 / Environment.ProcessorCount));
        Assert.All(journal.Samples, s =>
        {
            Assert.InRange(s.Own, 0, 0.05);
            Assert.InRange(s.Own + s.Others + s.Idle, 0, 1.01);
        });
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(2), "the condition was not met in time");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A shell and what it starts. Disposing ends both also when the test fails: a program left behind keeps the pipes of the test run open.</summary>
    private sealed class Script(string script) : IDisposable
    {
        private readonly Process _shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]))!;

        public int Id => _shell.Id;

        public void Dispose()
        {
            _shell.Kill(entireProcessTree: true);
            _shell.WaitForExit();
            _shell.Dispose();
        }
    }

    private sealed class Lines : IJournal
    {
        private readonly ConcurrentQueue<JournalEvent> _events = new();

        public IReadOnlyList<MachineSampled> Samples => [.. _events.OfType<MachineSampled>()];

        public void Write(JournalEvent entry) => _events.Enqueue(entry);
    }
}
