namespace Chaos.Load.Processes;

/// <summary>Keeps the last lines that a process wrote, for error messages. Thread-safe.</summary>
public sealed class LineTail
{
    private const int Kept = 50;

    private readonly Lock _lock = new();
    private readonly Queue<string> _lines = new(Kept);

    /// <summary>Adds a line; null, the end of the stream, is ignored.</summary>
    public void Add(string? line)
    {
        if (line is null) return;
        lock (_lock)
        {
            if (_lines.Count == Kept) _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    /// <summary>Forgets what there was.</summary>
    public void Clear()
    {
        lock (_lock) _lines.Clear();
    }

    /// <summary>The lines, or a remark that there are none.</summary>
    public override string ToString()
    {
        lock (_lock) return _lines.Count == 0 ? "(it wrote nothing)" : string.Join('\n', _lines);
    }
}
