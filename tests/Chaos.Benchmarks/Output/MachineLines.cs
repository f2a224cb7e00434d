using Chaos.Benchmarks.Measuring;

namespace Chaos.Benchmarks.Output;

/// <summary>The machine, in two lines.</summary>
internal static class MachineLines
{
    public static void Print(MachineFacts machine)
    {
        Console.WriteLine($"Machine: {machine.Processor}, {machine.Cores} cores, {machine.System}, {machine.Runtime}, {machine.Build} build; load generator and servers share it over loopback.");
        Console.WriteLine($"Load averages before: {machine.LoadBefore}; after: {machine.LoadAfter}. Whatever else ran falls on all peers of a round alike: compare ratios, not absolute figures.");
    }
}
