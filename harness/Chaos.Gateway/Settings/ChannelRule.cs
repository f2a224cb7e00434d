using System.ComponentModel;
using System.Text.Json.Nodes;

namespace Chaos.Gateway.Settings;

/// <summary>What is allowed on the channels that match a pattern.</summary>
public sealed record ChannelRule
{
    [Description("Pattern of channel names: * is any text, {tenant} and {user} are those of the connection.")]
    public string Pattern { get; init; } = "{tenant}:*";

    [Description("Whether clients may subscribe and read history.")]
    public bool Subscribe { get; init; } = true;

    [Description("Whether clients may publish.")]
    public bool Publish { get; init; } = true;

    [Description("Whether a subscription token is needed; publishing then needs a live subscription.")]
    public bool Token { get; init; }

    [Description("Whether the upstream service is asked for what the rule allows; while it does not answer the answer is error 100, temporary.")]
    public bool Ask { get; init; }

    /// <summary>Private channels of the own tenant with a token, all others of it without.</summary>
    internal static IReadOnlyList<ChannelRule> Defaults { get; } =
        [new() { Pattern = "{tenant}:private-*", Token = true }, new() { Pattern = "{tenant}:*" }];
}

/// <summary>The shape of data published on the channels that match a pattern.</summary>
public sealed record PayloadSchema
{
    [Description("Pattern of channel names: * is any text.")]
    public string Pattern { get; init; } = "*";

    [Description("JSON Schema of the data.")]
    public JsonObject Schema { get; init; } = [];
}
