using YamlDotNet.Serialization;

namespace Chaos.Experiments.Alerts.Export;

/// <summary>Writes YAML that other tools read.</summary>
internal static class YamlText
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .ConfigureDefaultValuesHandling(DefaultValuesHandling.OmitNull).WithQuotingNecessaryStrings().DisableAliases().WithNewLine("\n").Build();

    /// <summary>A tree of objects, lists and texts as YAML. Members that are null are left out.</summary>
    public static string Of(object tree) => Serializer.Serialize(tree);
}
