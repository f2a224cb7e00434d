using Chaos.Cli;
using Chaos.Proxy.Sidecar;

InterruptSignal.Accept();
return await ChaosCommand.RunAsync(args);
