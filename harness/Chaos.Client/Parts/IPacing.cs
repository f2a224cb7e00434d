namespace Chaos.Client.Parts;

/// <summary>How many publishes a client may have under way once the gateway has refused one for now.</summary>
public interface IPacing
{
    /// <summary>Most under way after a refusal, at least 1.</summary>
    int AfterRefusal { get; }

    /// <summary>Most under way after an acknowledgement.</summary>
    /// <param name="size">Most under way before it; <see cref="int.MaxValue"/> is no limit.</param>
    int AfterAcknowledgement(int size);
}

/// <summary>
/// One after a refusal, twice as many after each acknowledgement: slow start, as in TCP (RFC 5681, 3.1). So a gateway in trouble sees one
/// attempt of each client in each delay, and not again and again everything that the clients have to say, which would keep it in trouble.
/// </summary>
public sealed class SlowStart : IPacing
{
    /// <summary>Where there is no limit again: more than a client has under way when all is well.</summary>
    private const int OpenFrom = 64;

    /// <inheritdoc/>
    public int AfterRefusal => 1;

    /// <inheritdoc/>
    public int AfterAcknowledgement(int size) => size >= OpenFrom / 2 ? int.MaxValue : size * 2;
}
