using System.Text;
using System.Text.Json;
using Chaos.Client.Machine;
using Chaos.Client.Parts;
using Chaos.Client.Plain;
using Chaos.Client.Policies;
using Chaos.Client.Sockets;
using Chaos.Mutants;
using Xunit;

namespace Chaos.Client.Tests.Plain;

/// <summary>A client that knows no more than WebSocket, in virtual time.</summary>
public sealed class PlainMachineTests
{
    private static readonly ClientPolicy Policy = new() { BaseMs = 500, Factor = 2, CapMs = 2_000, StableMs = 5_000, PingIntervalMs = 1_000, PingSlackMs = 500, ConnectTimeoutMs = 3_000, CloseTimeoutMs = 400 };

    [Fact]
    public void It_is_connected_once_the_handshake_is_done_and_says_hello()
    {
        var rig = new Rig(Policy, hello: "{\"type\":\"init\"}");
        rig.Machine.Start(rig.Now);
        Assert.Equal(["attempt 0"], rig.Seen);

        rig.Machine.Opened(1, rig.Now);

        Assert.Equal(["attempt 0", "connected"], rig.Seen);
        Assert.Equal(["dial 1", "send 1 {\"type\":\"init\"}"], rig.Done);
    }

    [Fact]
    public void A_connection_that_was_heard_and_falls_silent_is_left_within_interval_and_slack()
    {
        var rig = Connected(Policy);
        rig.Pass(300);
        rig.Machine.Activity(1, rig.Now);

        rig.Pass(1_499);
        Assert.Equal(ClientState.Connected, rig.Machine.State);
        rig.Pass(1);

        Assert.Equal(["attempt 0", "connected", "liveness"], rig.Seen);
        Assert.Equal(["dial 1", "abort 1"], rig.Done);
    }

    [Fact]
    public void A_gateway_that_was_never_heard_is_not_taken_for_dead()
    {
        var rig = Connected(Policy);
        // The bytes of the handshake's answer came before the connection.
        rig.Machine.Activity(1, TimeSpan.Zero);
        rig.Pass(600_000);
        Assert.Equal(ClientState.Connected, rig.Machine.State);

        // Once it has been, silence means what it means everywhere.
        rig.Machine.Activity(1, rig.Now);
        rig.Pass(1_500);
        Assert.Equal("liveness", rig.Seen[^1]);
    }

    [Fact]
    public void Whoever_does_not_ping_gives_no_connection_up()
    {
        var rig = Connected(Policy with { PingIntervalMs = 0 });
        rig.Pass(10);
        rig.Machine.Activity(1, rig.Now);
        rig.Pass(600_000);
        Assert.Equal(ClientState.Connected, rig.Machine.State);
    }

    [Fact]
    public void Attempts_grow_until_a_connection_has_been_stable()
    {
        var rig = new Rig(Policy);
        rig.Machine.Start(rig.Now);
        for (var i = 1; i <= 4; i++)
        {
            rig.Machine.Ended(i, "handshake", 503, null, rig.Now);
            rig.UntilDial();
        }

        Assert.Equal(["attempt 0", "handshake", "attempt 1", "handshake", "attempt 2", "handshake", "attempt 3", "handshake", "attempt 4"], rig.Seen);
        Assert.All(rig.DelaysMs.Skip(1).Index(), d => Assert.InRange(d.Item, 0, Policy.UpperBoundMs(d.Index + 1)));

        rig.Machine.Opened(5, rig.Now);
        rig.Pass(5_000);
        rig.Machine.Ended(5, "transport", null, null, rig.Now);
        rig.UntilDial();
        Assert.Equal("attempt 0", rig.Seen[^1]);
    }

    [Fact]
    public void It_draws_what_the_reference_client_of_its_name_draws()
    {
        var rig = new Rig(Policy);
        rig.Machine.Start(rig.Now);
        rig.Machine.Ended(1, "refused", null, null, rig.Now);
        rig.UntilDial();
        Assert.Equal(new FullJitterBackoff().DelayMs(1, Policy, Randomness.SeedTree.Stream(7, "c-0001", "backoff")), rig.DelaysMs[^1]);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1012)]
    [InlineData(3500)]
    [InlineData(4401)]
    public void No_close_code_ends_it_for_good(int code)
    {
        var rig = Connected(Policy);
        rig.Machine.Ended(1, "close", code, "x", rig.Now);
        rig.UntilDial();
        Assert.Equal(2, rig.Machine.Connection);
    }

    [Fact]
    public void A_handshake_that_never_ends_is_given_up()
    {
        var rig = new Rig(Policy);
        rig.Machine.Start(rig.Now);
        rig.Pass(3_000);
        Assert.Equal(["attempt 0", "timeout"], rig.Seen);
        Assert.Equal(["dial 1", "abort 1"], rig.Done);
    }

    [Fact]
    public void Told_to_stop_it_says_goodbye_and_waits_no_longer_than_its_close_timeout()
    {
        var rig = Connected(Policy);
        rig.Machine.Stop(rig.Now);
        Assert.Equal(("close 1 1000", "local"), (rig.Done[^1], rig.Seen[^1]));
        Assert.False(rig.Machine.Finished);

        rig.Pass(400);

        Assert.Equal("abort 1", rig.Done[^1]);
        Assert.True(rig.Machine.Finished);
        Assert.Equal(TimeSpan.MaxValue, rig.Machine.NextDue);
    }

    [Fact]
    public void Its_goodbye_may_be_answered()
    {
        var rig = Connected(Policy);
        rig.Machine.Stop(rig.Now);
        rig.Machine.Ended(1, "close", 1000, null, rig.Now);
        Assert.True(rig.Machine.Finished);
        Assert.DoesNotContain("abort 1", rig.Done);
    }

    [Fact]
    public void Client_mutants_are_as_broken_in_it()
    {
        var mutant = (ClientMutant)MutantCatalogue.Find("client.no-liveness")!;
        var rig = Connected(Policy, mutant.Change(PlainClient.DefaultParts));
        rig.Pass(10);
        rig.Machine.Activity(1, rig.Now);
        rig.Pass(600_000);
        Assert.Equal(ClientState.Connected, rig.Machine.State);
    }

    private static Rig Connected(ClientPolicy policy, ClientParts? parts = null)
    {
        var rig = new Rig(policy, parts);
        rig.Machine.Start(rig.Now);
        rig.Pass(5);
        rig.Machine.Opened(1, rig.Now);
        return rig;
    }

    /// <summary>The machine, what it does, and what is seen of it.</summary>
    private sealed class Rig : IClientActions, IClientObserver
    {
        public Rig(ClientPolicy policy, ClientParts? parts = null, string? hello = null) => Machine = new PlainMachine(
            new ClientOptions { Url = new Uri("ws://gateway.test/"), Name = "c-0001", Seed = 7, Policy = policy, Socket = new SocketSettings { Hello = hello } },
            parts ?? PlainClient.DefaultParts, this, this);

        public PlainMachine Machine { get; }

        public TimeSpan Now { get; private set; } = TimeSpan.FromSeconds(1);

        public List<string> Done { get; } = [];

        public List<string> Seen { get; } = [];

        public List<double> DelaysMs { get; } = [];

        public void Pass(double ms)
        {
            var until = Now + TimeSpan.FromMilliseconds(ms);
            while (Machine.NextDue <= until) Step();
            Now = until;
        }

        public void UntilDial()
        {
            for (var before = Machine.Connection; Machine.Connection == before;)
            {
                Assert.NotEqual(TimeSpan.MaxValue, Machine.NextDue);
                Step();
            }
        }

        void IClientActions.LookHome() => Assert.Fail("it knows one address");

        void IClientActions.Dial(int connection, int place) => Done.Add($"dial {connection}");

        void IClientActions.Send(int connection, ReadOnlyMemory<byte> frame) => Done.Add($"send {connection} {Encoding.UTF8.GetString(frame.Span)}");

        void IClientActions.Close(int connection, int code, string reason) => Done.Add($"close {connection} {code}");

        void IClientActions.Abort(int connection) => Done.Add($"abort {connection}");

        void IClientActions.FetchToken(TokenPurpose purpose, string? channel) => Assert.Fail("it has no tokens");

        void IClientObserver.Attempt(int attempt, double delayMs)
        {
            Seen.Add($"attempt {attempt}");
            DelaysMs.Add(delayMs);
        }

        void IClientObserver.Connected(string? session, bool resumed, string? node) => Seen.Add("connected");

        void IClientObserver.Disconnected(string cause, int? code, string? reason, bool terminal) => Seen.Add(cause);

        void IClientObserver.Subscribed(string channel, bool wasRecovering, bool recovered, string? epoch, long offset) => Assert.Fail("it has no channels");

        void IClientObserver.Unsubscribed(string channel, int code, string? reason) => Assert.Fail("it has no channels");

        void IClientObserver.Publication(string channel, JsonElement data, long offset) => Assert.Fail("it has no channels");

        void IClientObserver.PublishAcked(string channel, string mid) => Assert.Fail("it has no channels");

        void IClientObserver.PublishFailed(string channel, string mid, int code, string message) => Assert.Fail("it has no channels");

        void IClientObserver.Token(string purpose) => Assert.Fail("it has no tokens");

        void IClientObserver.Error(int? code, string message) => Assert.Fail(message);

        private void Step()
        {
            Now = Machine.NextDue > Now ? Machine.NextDue : Now;
            Machine.Tick(Now);
        }
    }
}
