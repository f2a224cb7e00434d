using Chaos.Proxy.Faults;

namespace Chaos.Proxy.Control;

/// <summary>A proxy as it was asked for, checked: what it is made from, and the faults that it starts with.</summary>
internal sealed record ProxyPlan(ProxySettings Settings, bool Enabled, IReadOnlyList<FaultDefinition> Faults);
