namespace Chaos.Benchmarks.Measuring;

/// <summary>Memory of a process after a full collection.</summary>
/// <param name="LiveBytes">What the managed heap holds alive.</param>
/// <param name="CommittedBytes">What the garbage collector holds from the operating system.</param>
/// <param name="WorkingSetBytes">Resident memory of the whole process.</param>
internal sealed record MemoryUse(long LiveBytes, long CommittedBytes, long WorkingSetBytes);
