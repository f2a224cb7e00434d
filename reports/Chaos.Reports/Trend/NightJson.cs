using System.Text.Json;
using System.Text.Json.Serialization;
using Chaos.Journal.Verdicts;
using Chaos.Reports.Json;

namespace Chaos.Reports.Trend;

/// <summary>The file of a night: what it is, in which version, and the night.</summary>
/// <param name="Format">Always <see cref="NightFolder.Format"/>.</param>
/// <param name="Version">Version of the shape. Members may be added within one; a member that changes its meaning or goes away raises it.</param>
/// <param name="About">What the file is, for a person who comes across it.</param>
internal sealed record NightDocument(string Format, int Version, string About, Night Night);

/// <summary>The two members that tell whether a file is a night at all, before anything else in it is believed.</summary>
internal sealed record NightEnvelope(string? Format = null, int? Version = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n",
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    Converters = [typeof(OutcomeConverter), typeof(ExpectationOutcomeConverter), typeof(BadSideConverter)])]
[JsonSerializable(typeof(NightDocument))]
[JsonSerializable(typeof(NightEnvelope))]
[JsonSerializable(typeof(TrendDocument))]
internal sealed partial class NightJson : JsonSerializerContext;

internal sealed class BadSideConverter() : JsonStringEnumConverter<BadSide>(JsonNamingPolicy.KebabCaseLower);
