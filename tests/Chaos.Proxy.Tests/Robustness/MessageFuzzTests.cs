using System.Text.Json.Nodes;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;
using Chaos.Proxy.WebSockets;
using CsCheck;

namespace Chaos.Proxy.Tests.Robustness;

/// <summary>
/// Message faults take whatever comes: fragments, control frames between them, text that is no JSON, frames that never end.
/// 300 inputs by default, 300,000 with CHAOS_LONG=1.
/// </summary>
public sealed class MessageFuzzTests
{
    private static readonly long Inputs = Environment.GetEnvironmentVariable("CHAOS_LONG") == "1" ? 300_000 : 300;

    private static readonly byte[] FirstBytes = [0x80, 0x81, 0x82, 0x01, 0x02, 0x00, 0x89, 0x8A, 0x88, 0xC1, 0x41];

    private static readonly string[] Texts =
    [
        "", "{}", """{"channel":"news","n":1}""", """{"channel":"\ud800"}""", """{"\udfff":1}""", "{\"id\":1}\n{\"id\":2}", """{"channel":"ne""", "[[[[1]]]]", "not JSON", "\u0000",
    ];

    private static readonly Gen<byte[]> Payloads = Gen.OneOf(Gen.Byte.Array[0, 300], Gen.Int[0, Texts.Length - 1].Select(i => System.Text.Encoding.UTF8.GetBytes(Texts[i])));

    private static readonly Gen<byte[]> Traffic = Gen.Select(Gen.Int[0, FirstBytes.Length - 1].Select(i => FirstBytes[i]), Payloads, Gen.Bool)
        .Select((first, payload, masked) => Frame(first, payload, masked)).Array[1, 12].Select(frames => frames.SelectMany(frame => frame).ToArray());

    private static readonly Gen<(byte[] Bytes, int[] Cuts)> Writes = Gen.Select(
        Gen.OneOf(Traffic, Traffic, Gen.Select(Traffic, Gen.Int, Gen.Byte).Select((bytes, at, value) =>
        {
            bytes[(int)((uint)at % (uint)bytes.Length)] = value;
            return bytes;
        })).Select(WithoutHalfControl),
        Gen.Int[1, 200].Array[1, 6]);

    // Two name messages by a field, so that every payload is looked into.
    private static JsonObject[] Faults(double rate) =>
    [
        Fault("ws_drop", rate, match: new JsonObject { ["channel"] = "n*" }), Fault("ws_duplicate", rate), Fault("ws_reorder", rate, [KeyValuePair.Create<string, JsonNode?>("hold", 60_000), KeyValuePair.Create<string, JsonNode?>("gap", 2)]),
        Fault("ws_corrupt", rate, match: new JsonObject { ["method"] = "*" }), Fault("ws_truncate", rate),
    ];

    private static JsonObject Fault(string type, double rate, IEnumerable<KeyValuePair<string, JsonNode?>>? more = null, JsonObject? match = null) => new()
    {
        ["type"] = type,
        ["attributes"] = new JsonObject([KeyValuePair.Create<string, JsonNode?>("rate", rate), .. more ?? []]),
        ["target"] = match is null ? null : new JsonObject { ["messages"] = new JsonObject { ["match"] = match } },
    };

    [Fact]
    public void Faults_that_hit_nothing_change_nothing() => Writes.Sample(input =>
    {
        var (bytes, cuts) = input;
        var got = Through(bytes, cuts, Faults(0));
        Assert.True(Split(bytes) == Split(got), $"in:  {Convert.ToHexString(bytes)}\nout: {Convert.ToHexString(got)}");
    }, iter: Inputs);

    [Fact]
    public void Faults_that_hit_leave_whole_frames() => Writes.Sample(input =>
    {
        var (bytes, cuts) = input;
        var got = Through(bytes, cuts, Faults(0.7));
        Assert.Equal(Read(bytes).AtBoundary, Read(got).AtBoundary);
    }, iter: Inputs);

    [Fact]
    public async Task A_message_of_fragments_without_end_is_not_kept()
    {
        using var lane = new Bed(Faults(0)[..1]);
        lane.Write(Frame(0x02, new byte[100], masked: true));
        var fragment = Frame(0x00, new byte[100], masked: true);
        const int Count = 160_000;
        for (var i = 0; i < Count; i++) lane.Write(fragment);
        await Support.Bench.Until(() => lane.Got.Length >= (long)fragment.Length * (Count - 20_000));
    }

    [Fact]
    public void A_message_of_empty_fragments_without_end_is_not_kept()
    {
        using var lane = new Bed(Faults(0)[..1]);
        lane.Write(Frame(0x02, [], masked: false));
        for (var i = 0; i < 100_000; i++) lane.Write(Frame(0x00, [], masked: false));
        lane.Release();
        Assert.Equal(100_001 * 2, lane.Got.Length);
    }

    private static byte[] Through(byte[] bytes, int[] cuts, JsonObject[] faults)
    {
        using var lane = new Bed(faults);
        var position = 0;
        for (var i = 0; position < bytes.Length; i++)
        {
            var length = Math.Min(cuts[i % cuts.Length], bytes.Length - position);
            lane.Write(bytes.AsSpan(position, length).ToArray());
            position += length;
        }
        lane.Release();
        return lane.Got.ToArray();
    }

    private static byte[] Frame(byte first, byte[] payload, bool masked)
    {
        var mask = masked ? 0x80 : 0;
        byte[] header = payload.Length < 126 ? [first, (byte)(mask | payload.Length)] : [first, (byte)(mask | 126), (byte)(payload.Length >> 8), (byte)payload.Length];
        return [.. header, .. masked ? new byte[4] : [], .. payload];
    }

    // Control frames may overtake the fragments of a message, and data frames may not overtake each other.
    private static (string Data, string Control) Split(byte[] bytes)
    {
        var reader = new FrameReader();
        var (data, control) = (new MemoryStream(), new MemoryStream());
        for (var position = 0; position < bytes.Length;)
        {
            var part = reader.Next(bytes.AsSpan(position));
            (reader.IsControl ? control : data).Write(bytes.AsSpan(position, part.Length));
            position += part.Length;
        }
        return (Convert.ToHexString(data.ToArray()), Convert.ToHexString(control.ToArray()));
    }

    // What is held may not go on within a control frame; if that never ends, it is lost.
    private static byte[] WithoutHalfControl(byte[] bytes)
    {
        var reader = new FrameReader();
        var start = 0;
        for (var position = 0; position < bytes.Length;)
        {
            var part = reader.Next(bytes.AsSpan(position));
            if (part.Starts) start = position;
            position += part.Length;
        }
        return reader.IsControl && !reader.AtBoundary ? bytes[..start] : bytes;
    }

    private static FrameReader Read(byte[] bytes)
    {
        var reader = new FrameReader();
        for (var position = 0; position < bytes.Length;) position += reader.Next(bytes.AsSpan(position)).Length;
        return reader;
    }

    /// <summary>A lane with message faults, from a writer into memory.</summary>
    private sealed class Bed : IDisposable
    {
        private readonly DueScheduler _scheduler = new();
        private readonly LedgerWriter _ledger = new(null);
        private readonly Link _link;
        private readonly PushLane _lane;
        private readonly ActiveFault[] _faults;

        public Bed(JsonObject[] faults)
        {
            _link = new Link("link", ProxyKind.WebSocket, 1, _ledger, _scheduler);
            var connection = new Held(_link);
            _lane = new PushLane(connection, Direction.Upstream, framed: true, new Memory(Got));
            _faults = [.. faults.Select((fault, i) => Active(fault, i))];
            foreach (var fault in _faults) _link.Add(fault);
            _link.Open(connection);
            connection.Start(_lane, new PushLane(connection, Direction.Downstream, framed: true, new Memory(new MemoryStream())));
        }

        public MemoryStream Got { get; } = new();

        public void Write(byte[] bytes)
        {
            Assert.True(_lane.WriteAsync(bytes).AsTask().Wait(Support.Bench.Patience), "nothing is slow here, yet the lane takes no more");
        }

        /// <summary>The faults leave: what they hold goes on.</summary>
        public void Release()
        {
            foreach (var fault in _faults) _link.Remove(fault, "removed");
            _lane.EndAsync().AsTask().Wait();
            Assert.True(_lane.DrainAsync().Wait(Support.Bench.Patience));
        }

        public void Dispose()
        {
            _scheduler.Dispose();
            _ledger.DisposeAsync().AsTask().Wait();
        }

        private static ActiveFault Active(JsonObject fault, int i)
        {
            var errors = new List<string>();
            var definition = FaultDefinition.Create($"f{i}", FaultCatalogue.Find(fault["type"]!.GetValue<string>())!, Directions.Both, 1,
                (JsonObject?)fault["attributes"], (JsonObject?)fault["target"], ProxyKind.WebSocket, asToxic: false, lease: null, errors);
            Assert.Empty(errors);
            return new ActiveFault(definition!);
        }
    }

    private sealed class Held(Link link) : LinkConnection(link)
    {
        public override IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>();

        public void Start(Lane up, Lane down) => StartLanes(up, down);

        public override void OnSourceEnded(Lane lane, Exception? failure)
        {
        }

        public override void OnSinkFailed(Lane lane, Exception failure) => throw failure;

        protected override void Close()
        {
        }

        protected override void Kill()
        {
        }
    }

    private sealed class Memory(MemoryStream stream) : ILaneSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> data)
        {
            stream.Write(data.Span);
            return default;
        }

        public ValueTask EndAsync() => default;
    }
}
