using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Xunit;

namespace Chaos.Client.Tests.Machine;

public sealed class FootprintTests
{
    [Fact]
    public void A_machine_that_waits_for_its_next_attempt_takes_less_than_two_kilobytes()
    {
        const int Machines = 5_000;
        var rig = new Rig();
        var options = rig.Options;
        var machines = new ClientMachine[Machines];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Machines; i++)
        {
            var machine = machines[i] = new ClientMachine(options, ClientParts.Reference, Quiet.Instance, Quiet.Instance);
            machine.Start(TimeSpan.Zero);
            machine.TokenFetched(TokenPurpose.Connect, null, "token", TimeSpan.Zero);
            machine.Ended(1, "refused", null, null, TimeSpan.Zero);
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Machines;
        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes a machine");
        // Everything allocated on the way counts, also what is garbage by now.
        Assert.InRange(bytes, 1, 2_048);
        GC.KeepAlive(machines);
    }

    private sealed class Quiet : IClientActions, IClientObserver
    {
        public static readonly Quiet Instance = new();

        public void Dial(int connection, int place) { }

        public void LookHome() { }

        public void Send(int connection, ReadOnlyMemory<byte> frame) { }

        public void Close(int connection, int code, string reason) { }

        public void Abort(int connection) { }

        public void FetchToken(TokenPurpose purpose, string? channel) { }

        public void Attempt(int attempt, double delayMs) { }

        public void Connected(string? session, bool resumed, string? node) { }

        public void Disconnected(string cause, int? code, string? reason, bool terminal) { }

        public void Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset) { }

        public void Unsubscribed(string channel, int code, string? reason) { }

        public void Publication(string channel, System.Text.Json.JsonElement data, long offset) { }

        public void PublishAcked(string channel, string mid) { }

        public void PublishFailed(string channel, string mid, int code, string message) { }

        public void Token(string purpose) { }

        public void Error(int? code, string message) { }
    }
}
