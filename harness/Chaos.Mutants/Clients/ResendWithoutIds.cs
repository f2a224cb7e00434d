using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>The gateway cannot know the second copy for what it is, so a lost reply makes two messages of one.</summary>
internal sealed class ResendWithoutIds(IResendBuffer inner) : IResendBuffer
{
    internal static ClientMutant Mutant { get; } = new("client.resend-without-ids",
        "Sends unacknowledged publishes again under new idempotency keys.",
        parts => parts with { ResendBuffer = new ResendWithoutIds(parts.ResendBuffer) });

    public int Capacity => inner.Capacity;

    public double WindowMs => inner.WindowMs;

    public bool Resends => inner.Resends;

    public double RetryDelayMs(int tries, ClientPolicy policy, Random random) => inner.RetryDelayMs(tries, policy, random);

    public ReadOnlyMemory<byte> Again(ReadOnlyMemory<byte> data, string mid, int resend)
    {
        var body = JsonNode.Parse(data.Span)!.AsObject();
        body["mid"] = $"{mid}#{resend}";
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
