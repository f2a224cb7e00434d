using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.Logging;

namespace Chaos.Gateway.Admin;

/// <summary>Records what was done, or tried, through administrative channels.</summary>
internal interface IAuditLog
{
    /// <summary>Writes an entry; when this returns, the operating system has it, and killing the process does not lose it. Called before the act.</summary>
    /// <exception cref="IOException">It cannot be written: the act must not happen.</exception>
    void Write(string actor, string action, object details);

    /// <summary>All entries, oldest first.</summary>
    IReadOnlyList<JsonObject> Read();
}

/// <summary>
/// A file of JSON lines, only ever appended to. Each entry holds the SHA-256 of its own text and of the entry before it, so that a change,
/// a removal or a swap breaks the chain. After a crash in the middle of a line the torn bytes stay where they are, and the next entry
/// vouches for them.
/// </summary>
internal sealed class AuditLog : IAuditLog, IDisposable
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _node;
    private readonly TimeProvider _time;
    private readonly ILogger<AuditLog> _log;
    private FileStream? _file;
    private long _sequence;
    private string _previous = AuditChain.Genesis;

    public AuditLog(GatewaySettings settings, TimeProvider time, ILogger<AuditLog> log)
    {
        (_node, _time, _log) = (settings.Node, time, log);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmssfff", System.Globalization.CultureInfo.InvariantCulture);
        _path = settings.AuditFile ?? Path.Combine(Path.GetTempPath(), "chaos-gateway", $"{settings.Node}-{stamp}-{Guid.NewGuid().ToString("N")[..8]}.audit.jsonl");
        if (settings.AuditFile is not null) _file = Open();
    }

    /// <summary>Where the log is.</summary>
    public string Location => _path;

    public void Write(string actor, string action, object details)
    {
        lock (_lock)
        {
            _file ??= Open();
            Append(actor, action, details);
        }
    }

    public IReadOnlyList<JsonObject> Read()
    {
        lock (_lock)
        {
            return _file is null ? [] : [.. AuditChain.Parse(File.ReadAllBytes(_path)).Select(l => l.Entry).OfType<JsonObject>()];
        }
    }

    public void Dispose() => _file?.Dispose();

    private void Append(string actor, string action, object details)
    {
        var entry = new JsonObject
        {
            ["seq"] = _sequence + 1,
            ["at"] = _time.GetUtcNow().ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            ["node"] = _node,
            ["actor"] = actor,
            ["action"] = action,
            ["details"] = JsonSerializer.SerializeToNode(details, Options),
            ["prev"] = _previous,
        };
        var hash = AuditChain.Hash(entry);
        entry["hash"] = hash;
        // One write call for the whole line, straight to the operating system.
        _file!.Write(Encoding.UTF8.GetBytes(entry.ToJsonString(Options) + "\n"));
        _file.Flush();
        _sequence++;
        _previous = hash;
    }

    private FileStream Open()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(_path))!);
        _log.LogInformation("audit log: {Path}", _path);
        _file = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        var bytes = File.ReadAllBytes(_path);
        foreach (var line in AuditChain.Parse(bytes))
        {
            if (line.Entry is not { } entry) continue;
            _sequence = (long)entry["seq"]!;
            _previous = (string)entry["hash"]!;
        }
        if (bytes.Length > 0 && bytes[^1] != (byte)'\n')
        {
            var torn = bytes.AsSpan(bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
            _file.Write("\n"u8);
            Append("gateway", AuditChain.Recovered, new { torn_bytes = torn.Length, torn_sha256 = Convert.ToHexStringLower(SHA256.HashData(torn)) });
        }
        return _file;
    }
}
