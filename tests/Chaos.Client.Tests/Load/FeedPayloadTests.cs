using System.Text.Json;
using Chaos.Load.Feeds;
using CsCheck;
using Xunit;

namespace Chaos.Client.Tests.Load;

public sealed class FeedPayloadTests
{
    [Fact]
    public void A_payload_has_its_size_and_reads_back()
    {
        Gen.Select(Gen.Long[1, 1_000_000], Gen.Int[64, 4096]).Sample((n, bytes) =>
        {
            var payload = FeedPayload.Create("c-0001", n, 1_700_000_000_000_000, bytes);
            using var json = JsonDocument.Parse(payload);
            Assert.True(FeedPayload.TryRead(json.RootElement, out var publisher, out var read, out var dueUs));
            Assert.Equal(("c-0001", n, 1_700_000_000_000_000), (publisher, read, dueUs));
            Assert.Equal(FeedPayload.Mid("c-0001", n), json.RootElement.GetProperty("mid").GetString());
            // Members alone may be longer than the smallest size asked for.
            if (bytes >= 100) Assert.Equal(bytes, payload.Length);
        });
    }

    [Theory]
    [InlineData("c-0001/17", 17)]
    [InlineData("c-0001/0", 0)]
    [InlineData("c-0001/", 0)]
    [InlineData("c-0001", 0)]
    [InlineData("c-00017", 0)]
    [InlineData("c-0002/17", 0)]
    [InlineData("c-0001/-3", 0)]
    public void The_counter_is_read_from_the_publishers_own_keys_only(string mid, long expected)
    {
        Assert.Equal(expected > 0, FeedPayload.TryReadMid("c-0001", mid, out var n));
        if (expected > 0) Assert.Equal(expected, n);
    }

    [Theory]
    [InlineData("""{"p":"a","n":1}""")]
    [InlineData("""{"p":"a","n":0,"t":1}""")]
    [InlineData("""{"p":1,"n":1,"t":1}""")]
    [InlineData("""{"p":"a","n":1.5,"t":1}""")]
    [InlineData("""[1]""")]
    [InlineData("""{"marker":"x"}""")]
    public void Anything_else_is_no_feed(string data)
    {
        using var json = JsonDocument.Parse(data);
        Assert.False(FeedPayload.TryRead(json.RootElement, out _, out _, out _));
    }
}
