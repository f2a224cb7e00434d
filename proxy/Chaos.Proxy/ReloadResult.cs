namespace Chaos.Proxy;

/// <summary>What reading the configuration file again changed.</summary>
/// <param name="Added">Names of proxies that are new.</param>
/// <param name="Replaced">Names of proxies that differed, and were made anew; their connections were dropped.</param>
/// <param name="Removed">Names of proxies that are gone from the file.</param>
/// <param name="Unchanged">Names of proxies whose connections went on.</param>
/// <param name="Faults">Faults that were added, changed or removed on proxies that went on.</param>
public sealed record ReloadResult(IReadOnlyList<string> Added, IReadOnlyList<string> Replaced, IReadOnlyList<string> Removed, IReadOnlyList<string> Unchanged, int Faults);
