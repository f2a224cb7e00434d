using Chaos.Proxy.Ledger;
using Chaos.Proxy.Links;

namespace Chaos.Proxy.Tests.Links;

public sealed class AllocationTests
{
    private const int Warmup = 200;
    private const int Count = 2000;

    [Fact]
    public async Task Without_faults_a_frame_passes_without_allocation()
    {
        using var scheduler = new DueScheduler();
        await using var ledger = new LedgerWriter(null);
        var link = new Link("link", kind: ProxyKind.WebSocket, 1, ledger, scheduler);
        var connection = new Connection(link);
        byte[] frame = [0x82, 3, 1, 2, 3];
        using var source = new Repeating(frame);
        var up = new PullLane(connection, Direction.Upstream, framed: true, source, CancellationToken.None);
        var down = new PushLane(connection, Direction.Downstream, framed: true, new Drain());
        var buffer = new byte[64];
        var before = 0L;
        var bytes = 0;
        for (var i = 0; i < Warmup + Count; i++)
        {
            if (i == Warmup) before = GC.GetAllocatedBytesForCurrentThread();
            // As YARP does: a read into nothing, a read, a write. All complete at once, so this stays on one thread.
            await up.ReadAsync(Memory<byte>.Empty, CancellationToken.None);
            bytes += await up.ReadAsync(buffer, CancellationToken.None);
            await down.WriteAsync(buffer.AsMemory(0, frame.Length));
        }
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < Count, $"{allocated / (double)Count} bytes for each frame");
        Assert.Equal((Warmup + Count) * frame.Length, bytes);
        Assert.Equal(Warmup + Count, up.FramesDelivered);
        Assert.Equal(Warmup + Count, down.FramesDelivered);
    }

    private sealed class Connection(Link link) : LinkConnection(link)
    {
        public override IReadOnlyDictionary<string, string> Labels { get; } = new Dictionary<string, string>();

        public override void OnSourceEnded(Lane lane, Exception? failure)
        {
        }

        public override void OnSinkFailed(Lane lane, Exception failure)
        {
        }

        protected override void Close()
        {
        }

        protected override void Kill()
        {
        }
    }

    private sealed class Drain : ILaneSink
    {
        public ValueTask WriteAsync(ReadOnlyMemory<byte> data) => default;

        public ValueTask EndAsync() => default;
    }

    private sealed class Repeating(byte[] frame) : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return new ValueTask<int>(0);
            frame.CopyTo(buffer);
            return new ValueTask<int>(frame.Length);
        }
    }
}
