using System.Net.Sockets;
using Chaos.Proxy.Control.Api;
using Chaos.Proxy.Faults;
using Chaos.Proxy.Http;
using Chaos.Proxy.Links;
using Chaos.Proxy.Tcp;
using Chaos.Proxy.Tls;

namespace Chaos.Proxy.Control;

/// <summary>
/// A proxy: its port, its link, and the way from one to the other. It takes its port when it is enabled for the first
/// time, and keeps it from then on, so that nobody else gets it while the proxy is off.
/// </summary>
internal sealed class ManagedProxy : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HttpServer _server;
    private ListenPort? _port;
    private ProxyPath _path;
    private (ActiveFault Fault, long StartNs)? _hang;

    /// <exception cref="ControlError">A file that TLS needs is not what it must be.</exception>
    public ManagedProxy(ProxySettings settings, Link link, HttpServer server)
    {
        Settings = Asked = settings;
        Link = link;
        _server = server;
        _path = new ProxyPath(settings, link, server);
    }

    /// <summary>As it is: once it listens, with the address that it listens on.</summary>
    public ProxySettings Settings { get; private set; }

    /// <summary>As it was asked for.</summary>
    public ProxySettings Asked { get; private set; }

    /// <summary>Who it is to its clients; null where it talks in the clear.</summary>
    public ServerIdentity? Identity => _path.Identity;

    public Link Link { get; }

    public string Name => Settings.Name;

    public bool Enabled { get; private set; }

    /// <summary>Listens and accepts, or closes the port and cuts what is open.</summary>
    /// <exception cref="ControlError">The address cannot be listened on; the proxy is off then.</exception>
    public void SetEnabled(bool enabled)
    {
        lock (_gate)
        {
            Enabled = enabled;
            Settle();
        }
        if (!enabled) CutAll();
    }

    /// <summary>The set of faults changed: one of them may keep the port closed.</summary>
    public void OnFaultsChanged()
    {
        lock (_gate)
            Settle();
        if (IsDown) _path.CutIdle();
    }

    /// <summary>Whether other addresses, or other TLS, would make it another proxy.</summary>
    /// <exception cref="ControlError">The listen address is malformed.</exception>
    public bool Differs(ProxySettings wanted) => ListenAddress.Resolve(wanted.Listen).ToString() != Settings.Listen
        || wanted.Upstream != Settings.Upstream || wanted.Tls != Settings.Tls || wanted.UpstreamTls != Settings.UpstreamTls;

    /// <summary>Moves to other addresses, or to other TLS. Live connections are dropped, and it is off until it is enabled again.</summary>
    /// <exception cref="ControlError">A file that TLS needs is not what it must be; nothing has changed then.</exception>
    public void Move(ProxySettings wanted)
    {
        lock (_gate)
        {
            var keeps = wanted.Tls == ListenTls.SelfSigned && Settings.Tls == wanted.Tls && ProxyPath.HostOf(wanted.Listen) == ProxyPath.HostOf(Settings.Listen);
            var path = new ProxyPath(wanted, Link, _server, keeps ? Identity : null);
            Enabled = false;
            Settle();
            // Where only the upstream is another, the port is kept, or somebody could take it meanwhile.
            if (ListenAddress.Resolve(wanted.Listen).ToString() != Settings.Listen)
            {
                _port?.Dispose();
                _port = null;
            }
            _path.Dispose();
            _path = path;
            Settings = Asked = wanted;
        }
        CutAll();
    }

    /// <summary>Sends connections that are made from now on to other upstreams; those that are open stay where they are.</summary>
    /// <exception cref="FormatException">The upstream is malformed; nothing has changed then.</exception>
    public void Redirect(string upstream)
    {
        lock (_gate)
        {
            _path.Redirect(upstream);
            Settings = Settings with { Upstream = upstream };
            Asked = Asked with { Upstream = upstream };
        }
    }

    /// <summary>Accepts no more connections; those that are open go on.</summary>
    public void StopAccepting()
    {
        lock (_gate)
        {
            Enabled = false;
            Settle();
        }
    }

    /// <summary>Switches it off and gives its port away.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            Enabled = false;
            Settle();
            _port?.Dispose();
            _port = null;
        }
        CutAll();
    }

    public void Dispose()
    {
        Stop();
        _path.Dispose();
    }

    private bool IsDown => Link.Faults.Any(fault => fault.Definition.Behaviour is DownFault);

    private void Settle()
    {
        try
        {
            if (Enabled) Take();
            if (_port is not null) Set(Wanted);
        }
        catch (ControlError)
        {
            Enabled = false;
            throw;
        }
    }

    private void Take()
    {
        if (_port is not null) return;
        var address = ListenAddress.ToListen(Settings.Listen);
        try
        {
            _port = new ListenPort(address.ToString(), Accept);
        }
        catch (SocketException e)
        {
            throw ListenAddress.Unusable(address, e);
        }
        Settings = Settings with { Listen = _port.EndPoint.ToString() };
    }

    private PortState Wanted => !Enabled || IsDown || Link.Faults.Any(fault => fault.Definition is { Behaviour: RefuseFault, Toxicity: 1 } refuse && refuse.Target == Target.All)
        ? PortState.Closed
        : Hang is not null ? PortState.Hanging : PortState.Open;

    private ActiveFault? Hang => Link.Faults.FirstOrDefault(fault => fault.Definition.Behaviour is ConnectHangFault);

    private void Set(PortState state)
    {
        if (state == _port!.State) return;
        if (_hang is { } hang) Link.Hung(hang.Fault, _port.Dropped, hang.StartNs);
        _hang = null;
        try
        {
            _port.Set(state);
        }
        catch (SocketException e)
        {
            var address = _port.EndPoint;
            _port.Dispose();
            _port = null;
            throw ListenAddress.Unusable(address, e);
        }
        if (state == PortState.Hanging) _hang = (Hang!, Monotonic.NowNs);
        Settings = Settings with { Listen = _port.EndPoint.ToString() };
    }

    private void CutAll()
    {
        foreach (var connection in Link.Open())
            connection.Stop();
        _path.CutIdle();
    }

    private void Accept(Socket client)
    {
        // With the gate held: it is either served before all are cut, or not at all.
        lock (_gate)
        {
            if (Enabled) _path.Serve(client);
            else client.Reset();
        }
    }
}
