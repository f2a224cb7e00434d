namespace Chaos.Proxy.Faults;

/// <summary>Cuts the stream into small pieces, with pauses between them.</summary>
internal sealed record SlicerFault(int AverageSize, int SizeVariation, double DelayUs) : ItemFault
{
    public static readonly FaultKind Kind = new("slicer",
        "Cuts data into slices of average_size ± size_variation bytes and pauses after each: many small packets. Where the cuts fall depends on the seed and on the position in the stream alone, not on how the bytes arrived.",
        Tcp: true, WebSocket: true,
        [
            new("average_size", AttributeKind.Integer, "Average size of a slice in bytes.", Min: 1, Max: 1_000_000_000, Required: true),
            new("size_variation", AttributeKind.Integer, "Largest difference from the average in bytes; at most average_size. No slice is empty.", 0, Max: 1_000_000_000),
            new("delay", AttributeKind.Number, "Pause after each slice in microseconds.", 0, Max: AttributeSpec.DayMs * 1000),
        ],
        Create);

    public override Decision Decide(StreamKey key, long item) => new(FaultAction.Sliced, 0);

    public override Shaper CreateShaper(StreamKey key) => new Slices(this, key);

    private static SlicerFault Create(AttributeValues values, List<string> errors)
    {
        var fault = new SlicerFault(values.Integer("average_size"), values.Integer("size_variation"), values.Number("delay"));
        if (fault.SizeVariation > fault.AverageSize) errors.Add("attribute size_variation must be at most average_size");
        return fault;
    }

    private sealed class Slices(SlicerFault fault, StreamKey key) : Shaper
    {
        private readonly long _pauseNs = (long)(fault.DelayUs * 1000);
        private long _slice;
        private int _left;
        private long _nextNs;

        public override int NextPiece(int available)
        {
            if (_left == 0)
            {
                var unit = key.At(_slice++).NextUnit();
                _left = Math.Max(1, fault.AverageSize + (int)Math.Floor(unit * (2.0 * fault.SizeVariation + 1)) - fault.SizeVariation);
            }
            return Math.Min(available, _left);
        }

        public override long Release(long readyNs, int bytes)
        {
            var releasedNs = Math.Max(readyNs, _nextNs);
            _left -= Math.Min(bytes, _left);
            if (_left == 0) _nextNs = releasedNs + _pauseNs;
            return releasedNs;
        }

        // Slices that were cut stay cut; only their pauses are counted anew.
        public override void Rewind(long nowNs) => _nextNs = Math.Min(_nextNs, nowNs);
    }
}
