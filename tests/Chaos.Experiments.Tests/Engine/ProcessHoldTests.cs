using System.Diagnostics;
using Chaos.Experiments.Engine.Nodes;
using Xunit;

namespace Chaos.Experiments.Tests.Engine;

/// <summary>Processes that are kept from running, as the kernel sees them.</summary>
public sealed class ProcessHoldTests : IDisposable
{
    private readonly Process _sleeper = Process.Start("sleep", "600");

    public ProcessHoldTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");

    public void Dispose()
    {
        _sleeper.Kill();
        _sleeper.Dispose();
    }

    [Fact]
    public async Task A_process_stands_still_until_it_is_let_go()
    {
        await using (await ProcessHold.StopAsync(_sleeper.Id, TestContext.Current.CancellationToken))
        {
            // One that waits for a processor stops when it gets it, before it does anything else.
            await UntilAsync('T');
            for (var i = 0; i < 20; i++) Assert.Equal('T', State());
        }

        await UntilAsync('S');
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(0.8)]
    public async Task A_process_stands_still_for_its_share_of_the_time(double share)
    {
        await using (await ProcessHold.ThrottleAsync(_sleeper.Id, share, TimeSpan.FromMilliseconds(500), TestContext.Current.CancellationToken))
        {
            // Looked at evenly over six periods. A machine that starts the shell's sleeps late makes both parts longer by as much: 300 ms would do no harm.
            var stopped = 0;
            for (var i = 0; i < 300; i++)
            {
                if (State() == 'T') stopped++;
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            Assert.InRange(stopped / 300.0, share - 0.2, share + 0.2);
        }

        await UntilAsync('S');
    }

    [Fact]
    public async Task A_process_that_is_not_there_cannot_be_held() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => ProcessHold.StopAsync(int.MaxValue, TestContext.Current.CancellationToken));

    private async Task UntilAsync(char state)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (State() != state) await Task.Delay(1, limit.Token);
    }

    /// <summary>The state in /proc/PID/stat, behind the name in brackets.</summary>
    private char State()
    {
        var stat = File.ReadAllText($"/proc/{_sleeper.Id}/stat");
        return stat[stat.LastIndexOf(')') + 2];
    }
}
