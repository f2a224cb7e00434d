namespace Chaos.Journal.Fleets;

/// <summary>One attempt of a simulated client. Times are microseconds since the epoch.</summary>
/// <param name="Client">The number in the client's name.</param>
/// <param name="Attempt">Attempts since the last success that reset the backoff.</param>
/// <param name="DelayMs">The backoff waited before, in milliseconds.</param>
/// <param name="DialledUs">When the client began to dial.</param>
/// <param name="ArrivedUs">When the request arrived.</param>
/// <param name="AnsweredUs">When it was answered.</param>
/// <param name="HeardUs">When the client heard of the refusal, or had the connect reply; null when it never did.</param>
/// <param name="Status">HTTP status that the client got; 101 is success.</param>
public readonly record struct FleetAttempt(int Client, int Attempt, double DelayMs, long DialledUs, long ArrivedUs, long AnsweredUs, long? HeardUs, int Status)
{
    /// <summary>Whether the handshake succeeded.</summary>
    public bool IsOpen => Status == 101;
}

/// <summary>The end of an established connection of a simulated client. Times are microseconds since the epoch.</summary>
/// <param name="Client">The number in the client's name.</param>
/// <param name="CutUs">When it ended.</param>
/// <param name="HeardUs">When the client heard of it.</param>
/// <param name="Fault">Name of the fault that ended it, when one did.</param>
public readonly record struct FleetCut(int Client, long CutUs, long HeardUs, string? Fault);
