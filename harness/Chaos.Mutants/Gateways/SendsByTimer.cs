using Chaos.Gateway.Sessions;
using Chaos.Gateway.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Chaos.Mutants.Gateways;

/// <summary>Collects messages for half a second to save frames, whatever is waiting for them.</summary>
internal static class SendsByTimer
{
    internal static GatewayMutant Mutant { get; } = new("gateway.sends-by-timer", "Sends what has gathered for a client twice a second.",
        services => services.Replace(ServiceDescriptor.Singleton<ISendQueueFactory, Factory>()));

    private sealed class Factory(GatewaySettings settings, TimeProvider time) : ISendQueueFactory
    {
        public ISendQueue Create() => new Gathering(new SendQueue(settings.Limits.QueueMessages, settings.Limits.QueueBytes), time);
    }

    private sealed class Gathering(SendQueue queue, TimeProvider time) : ISendQueue
    {
        private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

        public bool TryAdd(ReadOnlyMemory<byte> message) => queue.TryAdd(message);

        public void Complete(bool discard) => queue.Complete(discard);

        public async ValueTask<bool> WaitAsync(CancellationToken cancel)
        {
            if (!await queue.WaitAsync(cancel)) return false;
            await Task.Delay(Step, time, cancel);
            return true;
        }

        public void Take(List<ReadOnlyMemory<byte>> batch, int bytes) => queue.Take(batch, bytes);
    }
}
