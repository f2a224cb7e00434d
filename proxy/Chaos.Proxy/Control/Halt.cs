using Chaos.Proxy.Control.Api;

namespace Chaos.Proxy.Control;

/// <summary>
/// The stop button: while it is pressed there is no fault, and none is accepted. Used with the registry's lock held.
/// </summary>
internal sealed class Halt(TimeProvider time)
{
    /// <summary>Since when; null while faults are accepted.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>Why, in the words of who pressed it.</summary>
    public string? Reason { get; private set; }

    public void Press(string? reason) => (Since, Reason) = (Since ?? time.GetUtcNow(), reason ?? Reason);

    public void Release() => (Since, Reason) = (null, null);

    /// <exception cref="ControlError">It is pressed.</exception>
    public void Check()
    {
        if (Since is not { } since) return;
        var why = Reason is null ? "" : $" ({Reason})";
        throw new ControlError(409, $"halted since {since:yyyy-MM-ddTHH:mm:ssZ}{why}: no fault is accepted until DELETE /chaos/halt releases it");
    }
}
