using Chaos.Client.Parts;
using Chaos.Client.Policies;

namespace Chaos.Mutants.Clients;

/// <summary>A publish that is under way when the connection breaks is never heard of again.</summary>
internal sealed class NoResend(IResendBuffer inner) : IResendBuffer
{
    internal static ClientMutant Mutant { get; } = new("client.no-resend",
        "Forgets publishes that were not acknowledged when the connection is lost.",
        parts => parts with { ResendBuffer = new NoResend(parts.ResendBuffer) });

    public int Capacity => inner.Capacity;

    public double WindowMs => inner.WindowMs;

    public bool Resends => false;

    public double RetryDelayMs(int tries, ClientPolicy policy, Random random) => inner.RetryDelayMs(tries, policy, random);

    public ReadOnlyMemory<byte> Again(ReadOnlyMemory<byte> data, string mid, int resend) => inner.Again(data, mid, resend);
}
