using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Text.Json;
using Chaos.Gateway.Auth;
using Chaos.Gateway.Resume;

namespace Chaos.Mutants.Gateways;

/// <summary>Gateways that resume what they must refuse, or refuse and do not say so.</summary>
internal static class BrokenResume
{
    internal static IReadOnlyList<GatewayMutant> All { get; } =
    [
        new("gateway.resume-unsigned", "Resumes with a token whose signature is not its own.",
            services => services.Wrap<IResumeTokenCodec, ResumeTokenCodec>(reference => new Unsigned(reference))),
        new("gateway.resume-own-only", "Honours only the resume tokens of its own process.",
            services => services.Wrap<IResumeTokenCodec, ResumeTokenCodec>(reference => new OwnOnly(reference))),
        Store("gateway.resume-replayed", "Resumes with a token that was used before.", reference => new Replayed(reference)),
        Store("gateway.resume-refused-silently", "Begins a fresh session without a word about the token it was given.", reference => new Silent(reference)),
    ];

    private static GatewayMutant Store(string name, string summary, Func<IResumeStore, IResumeStore> wrap) =>
        new(name, summary, services => services.Wrap<IResumeStore, RedisResumeStore>(wrap));

    /// <summary>Reads the claims and leaves the signature alone.</summary>
    private sealed class Unsigned(ResumeTokenCodec reference) : IResumeTokenCodec
    {
        public string Write(ResumeClaims claims) => reference.Write(claims);

        public ResumeClaims? Read(string token) =>
            Base64Url.IsValid(token.Split('.')[0]) ? JsonSerializer.Deserialize<ResumeClaims>(Base64Url.DecodeFromChars(token.Split('.')[0])) : null;
    }

    /// <summary>As with a signing key that is drawn when the process starts.</summary>
    private sealed class OwnOnly(ResumeTokenCodec reference) : IResumeTokenCodec
    {
        private readonly string _mark = Guid.NewGuid().ToString("N");

        public string Write(ResumeClaims claims) => _mark + reference.Write(claims);

        public ResumeClaims? Read(string token) => token.StartsWith(_mark, StringComparison.Ordinal) ? reference.Read(token[_mark.Length..]) : null;
    }

    private abstract class Wrapper(IResumeStore reference) : IResumeStore
    {
        public virtual ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel) => reference.BeginAsync(token, who, cancel);

        public ValueTask SaveAsync(IReadOnlyList<(SessionLease Lease, SessionState State)> sessions, CancellationToken cancel) => reference.SaveAsync(sessions, cancel);
    }

    /// <summary>Takes a used token for the one that was issued in its place.</summary>
    private sealed class Replayed(IResumeStore reference) : Wrapper(reference)
    {
        private readonly ConcurrentDictionary<string, string> _next = new();

        public override async ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel)
        {
            while (token is not null && _next.TryGetValue(token, out var later)) token = later;
            var outcome = await base.BeginAsync(token, who, cancel);
            if (outcome.Resumed && outcome.Token is not null) _next[token!] = outcome.Token;
            return outcome;
        }
    }

    private sealed class Silent(IResumeStore reference) : Wrapper(reference)
    {
        public override async ValueTask<ResumeOutcome> BeginAsync(string? token, Identity who, CancellationToken cancel) =>
            await base.BeginAsync(token, who, cancel) with { Reason = null };
    }
}
