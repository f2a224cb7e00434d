using System.Text;
using System.Text.Json;
using Chaos.Client;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Protocol;
using Chaos.Client.Randomness;
using Xunit;

namespace Chaos.Simulation.Tests;

/// <summary>A simulated client waits as long as the reference client of the same name and seed does.</summary>
public sealed class SameClientTests
{
    [Fact]
    public async Task Attempts_and_delays_are_those_of_the_reference_client()
    {
        var experiment = Storm.Experiment();
        var simulated = Rows.Of(await Simulated.RunAsync(experiment, Storm.Clients(20), seed: 99));
        var fleetSeed = SeedTree.Derive(SeedTree.Derive(99, "experiment", experiment.Id), "fleet");
        foreach (var (client, attempts) in simulated)
        {
            var seen = new Seen();
            var options = new ClientOptions { Url = new Uri("ws://gateway/"), Name = $"c-{client:0000}", Policy = experiment.Fleet.Policy, Seed = fleetSeed };
            var machine = new ClientMachine(options, ClientParts.Reference, new Nothing(), seen);
            machine.Start(TimeSpan.Zero);
            machine.TokenFetched(TokenPurpose.Connect, null, "token", TimeSpan.Zero);
            machine.Opened(machine.Connection, TimeSpan.Zero);
            machine.Received(machine.Connection, Encoding.UTF8.GetBytes("""{"id":1,"connect":{"client":"a","ping":25}}"""), TimeSpan.Zero);
            Assert.Equal(ClientState.Connected, machine.State);
            var now = TimeSpan.FromSeconds(5);
            machine.Ended(machine.Connection, Causes.Transport, null, null, now);
            while (seen.Attempts.Count < attempts.Count)
            {
                now = machine.NextDue;
                machine.Tick(now);
                machine.Ended(machine.Connection, Causes.Handshake, 503, null, now);
            }

            Assert.Equal(attempts.Select(a => a.Attempt), seen.Attempts.Select(a => a.Attempt));
            Assert.All(attempts.Zip(seen.Attempts), pair => Assert.Equal(pair.Second.DelayMs, pair.First.DelayMs, 0.001));
        }
    }

    private sealed class Seen : IClientObserver
    {
        public List<(int Attempt, double DelayMs)> Attempts { get; } = [];

        public void Attempt(int attempt, double delayMs) => Attempts.Add((attempt, delayMs));

        public void Connected(string? session, bool resumed, string? node)
        {
        }

        public void Disconnected(string cause, int? code, string? reason, bool terminal)
        {
        }

        public void Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset)
        {
        }

        public void Unsubscribed(string channel, int code, string? reason)
        {
        }

        public void Publication(string channel, JsonElement data, long offset)
        {
        }

        public void PublishAcked(string channel, string mid)
        {
        }

        public void PublishFailed(string channel, string mid, int code, string message)
        {
        }

        public void Token(string purpose)
        {
        }

        public void Error(int? code, string message)
        {
        }
    }

    private sealed class Nothing : IClientActions
    {
        public void LookHome()
        {
        }

        public void Dial(int connection, int place)
        {
        }

        public void Send(int connection, ReadOnlyMemory<byte> frame)
        {
        }

        public void Close(int connection, int code, string reason)
        {
        }

        public void Abort(int connection)
        {
        }

        public void FetchToken(TokenPurpose purpose, string? channel)
        {
        }
    }
}
