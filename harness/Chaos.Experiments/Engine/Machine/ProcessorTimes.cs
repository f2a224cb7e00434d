using System.Globalization;

namespace Chaos.Experiments.Engine.Machine;

/// <summary>What the processors of the machine have done so far, and what of it a process and its descendants did. In clock ticks.</summary>
/// <param name="Total">All processors together, idle or not.</param>
/// <param name="Idle">Nothing to do, or waiting for a disk.</param>
/// <param name="Programs">Running programs: user and system time, and time that the hypervisor took away. Without interrupts, which serve everybody.</param>
/// <param name="Own">Of the process and its descendants, the ended ones among them.</param>
internal readonly record struct ProcessorTimes(long Total, long Idle, long Programs, long Own)
{
    // proc(5), /proc/stat, the line "cpu".
    private const int User = 0, Nice = 1, System = 2, IdleTime = 3, IoWait = 4, Irq = 5, SoftIrq = 6, Steal = 7;

    // proc(5), /proc/PID/stat, counted from behind the name: state is 0, ppid 1.
    private const int Parent = 1, UserTime = 11, SystemTime = 12, ChildrenUserTime = 13, ChildrenSystemTime = 14;

    /// <summary>Whether this machine tells: Linux does.</summary>
    public static bool AreKnown { get; } = OperatingSystem.IsLinux() && File.Exists("/proc/stat");

    /// <summary>Reads them.</summary>
    /// <param name="root">The process whose descendants count as its own.</param>
    public static ProcessorTimes Read(int root)
    {
        var cpu = Numbers(File.ReadLines("/proc/stat").First()["cpu".Length..]);
        return new ProcessorTimes(cpu[..(Steal + 1)].Sum(), cpu[IdleTime] + cpu[IoWait], cpu[User] + cpu[Nice] + cpu[System] + cpu[Steal], OwnOf(root));
    }

    private static long OwnOf(int root)
    {
        var processes = Directory.EnumerateDirectories("/proc").Select(folder => Path.GetFileName(folder))
            .Where(name => char.IsAsciiDigit(name[0])).Select(name => Process(int.Parse(name, CultureInfo.InvariantCulture))).OfType<Row>().ToDictionary(row => row.Id);
        return processes.Values.Where(row => Descends(row)).Sum(row => row.Ticks);

        bool Descends(Row row)
        {
            // A process whose parent ends meanwhile has none here; chains are short.
            for (Row? at = row; at is not null; at = processes.GetValueOrDefault(at.Parent))
            {
                if (at.Id == root) return true;
                if (at.Parent == at.Id) return false;
            }

            return false;
        }
    }

    private static Row? Process(int id)
    {
        try
        {
            // The name is in brackets, and may hold any character.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return new Row(id, int.Parse(fields[Parent], CultureInfo.InvariantCulture), Ticks(UserTime) + Ticks(SystemTime) + Ticks(ChildrenUserTime) + Ticks(ChildrenSystemTime));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended since it was listed.
            return null;
        }
    }

    private static long[] Numbers(string text) => [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];

    private sealed record Row(int Id, int Parent, long Ticks);
}
