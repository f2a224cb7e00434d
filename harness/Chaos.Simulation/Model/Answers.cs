namespace Chaos.Simulation.Model;

/// <summary>How a handshake may be answered.</summary>
/// <param name="Status">HTTP status; 101 is success, 0 a connection cut without an answer.</param>
/// <param name="By">"upstream" or "fault".</param>
/// <param name="Fault">The fault that answered, by its name in the ledger; null when none did.</param>
internal sealed record Answer(int Status, string By, string? Fault);

/// <summary>Every answer that was given so far, each with a small number that stands for it.</summary>
internal sealed class Answers
{
    /// <summary>Number of the success.</summary>
    public const ushort Accepted = 0;

    /// <summary>Number of a refusal by the gateway.</summary>
    public const ushort Refused = 1;

    private readonly List<Answer> _all = [new(101, "upstream", null), new(503, "upstream", null)];

    /// <summary>The answer of a number.</summary>
    public Answer this[int number] => _all[number];

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>The number of a fault's answer.</summary>
    public ushort Of(int status, string fault)
    {
        var answer = new Answer(status, "fault", fault);
        var known = _all.IndexOf(answer);
        if (known < 0)
        {
            known = _all.Count;
            _all.Add(answer);
        }

        return checked((ushort)known);
    }
}
