namespace Chaos.Proxy.Links;

/// <summary>Delivers to a stream, whose end is made by its owner.</summary>
internal sealed class StreamSink(Stream stream) : ILaneSink
{
    public ValueTask WriteAsync(ReadOnlyMemory<byte> data) => stream.WriteAsync(data);

    public ValueTask EndAsync() => default;
}
