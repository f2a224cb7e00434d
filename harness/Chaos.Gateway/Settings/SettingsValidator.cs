using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Chaos.Gateway.Settings;

/// <summary>Finds every error of the settings at once, before anything is started.</summary>
internal static partial class SettingsValidator
{
    public static IReadOnlyList<string> Errors(GatewaySettings settings)
    {
        var errors = new List<string>();
        foreach (var (name, section) in Sections(settings)) CheckRanges(name, section, errors);

        if (!IPEndPoint.TryParse(settings.Listen, out _)) errors.Add($"listen: '{settings.Listen}' is not ADDRESS:PORT");
        if (settings.Redis is { } redis && !redis.Contains(':', StringComparison.Ordinal)) errors.Add($"redis: '{redis}' is not host:port");
        if (!Prefix().IsMatch(settings.KeyPrefix)) errors.Add($"key_prefix: '{settings.KeyPrefix}' is not 1 to 64 letters, digits and .:_-");
        if (settings.Jwt.Secret is null && settings.Jwt.Es256Keys.Count == 0) errors.Add("jwt: secret or es256_keys is needed");
        if (settings.Jwt.Secret is { } secret)
        {
            var bytes = new byte[secret.Length];
            if (!Convert.TryFromBase64String(secret, bytes, out var count)) errors.Add("jwt.secret: not base64");
            else if (count < 32) errors.Add($"jwt.secret: {count} bytes; at least 32 are needed");
        }
        if (settings.History.MetaTtlS < settings.History.TtlS) errors.Add("history.meta_ttl_s: less than history.ttl_s");
        if (settings.Region is { } region && !RegionName().IsMatch(region)) errors.Add($"region: '{region}' is not a lower-case name of up to 16 letters, digits and dashes");
        if (settings.Region is null && settings.Replication.Peers.Count > 0) errors.Add("replication.peers: the node's own region is not named; set region");
        foreach (var (peer, address) in settings.Replication.Peers)
        {
            if (peer == settings.Region) errors.Add($"replication.peers.{peer}: that is the node's own region");
            if (!address.Contains(':', StringComparison.Ordinal)) errors.Add($"replication.peers.{peer}: '{address}' is not host:port");
        }
        if (settings.Upstream is { } upstream && !(Uri.TryCreate(upstream.Url, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https")))
            errors.Add($"upstream.url: '{upstream.Url}' is no http or https URL");
        if (settings.Upstream is null && settings.Channels.FirstOrDefault(c => c.Ask) is { } asks)
            errors.Add($"channels: '{asks.Pattern}' asks the upstream service, and there is none; set upstream.url, or remove ask");
        if (settings.Limits.MaxMessageBytes > settings.Limits.MaxFrameBytes) errors.Add("limits.max_message_bytes: more than limits.max_frame_bytes");
        return errors;
    }

    public static void ThrowIfInvalid(GatewaySettings settings)
    {
        var errors = Errors(settings);
        if (errors.Count > 0) throw new SettingsException(string.Join("; ", errors));
    }

    private static IEnumerable<(string Prefix, object Section)> Sections(GatewaySettings s) =>
        [
            ("", s), ("jwt.", s.Jwt), ("limits.", s.Limits), ("history.", s.History), ("dependency.", s.Dependency), ("resume.", s.Resume), ("replication.", s.Replication),
            .. s.Upstream is { } upstream ? new (string, object)[] { ("upstream.", upstream), ("upstream.dependency.", upstream.Dependency) } : [],
        ];

    [GeneratedRegex("^[A-Za-z0-9.:_-]{1,64}$")]
    private static partial Regex Prefix();

    [GeneratedRegex("^[a-z][a-z0-9-]{0,15}$")]
    private static partial Regex RegionName();

    private static void CheckRanges(string prefix, object section, List<string> errors)
    {
        foreach (var property in section.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetCustomAttribute<RangeAttribute>() is not { } range) continue;
            var value = Convert.ToDouble(property.GetValue(section), CultureInfo.InvariantCulture);
            var (low, high) = (Convert.ToDouble(range.Minimum, CultureInfo.InvariantCulture), Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture));
            if (value < low || value > high)
                errors.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{prefix}{JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)}: {value} is outside {low} to {high}"));
        }
    }
}
