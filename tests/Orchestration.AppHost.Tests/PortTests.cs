using System.Net;
using System.Net.Sockets;
using Orchestration.AppHost.Local.Running;
using Orchestration.AppHost.Local.Stores;

namespace Orchestration.AppHost.Tests;

public sealed class PortTests
{
    [Fact]
    public async Task A_taken_port_is_named_with_its_holder_and_nothing_starts()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;
        using var system = new ProbeSystem("--Orchestration:RandomPorts=false");
        var probe = system.AddProbe("probe");
        probe.Resource.Endpoints.Single(endpoint => endpoint.Name == "http").WantedPort = port;
        probe.Resource.Endpoints.Single(endpoint => endpoint.Name == "grpc").WantedPort = null;
        system.AddProbe("other").Resource.Endpoints.ToList().ForEach(endpoint => endpoint.WantedPort = null);

        (await system.RunAsync()).ShouldBe(1);

        system.Output.ShouldContain($"probe (http) wants port {port}, which is taken by");
        system.Output.ShouldContain($"(process {Environment.ProcessId})");
        system.Journal.ShouldBeEmpty();
    }

    [Fact]
    public void Two_resources_that_want_one_port_are_told_so()
    {
        using var system = new ProbeSystem();
        system.AddProbe("first");
        system.AddProbe("second");
        PortPlan.Allocate(system.Builder.Resources, randomPorts: false);

        PortPlan.FindTaken(system.Builder.Resources).ShouldContain("second (http) and first (http) both want port 18095.");
    }

    [Fact]
    public async Task The_remains_of_closed_connections_do_not_make_a_port_taken()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        FreePort.IsFree(port).ShouldBeFalse();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        }
        listener.Stop();

        FreePort.IsFree(port).ShouldBeTrue();
    }

    [Fact]
    public void Free_ports_are_given_once() => Enumerable.Range(0, 50).Select(_ => FreePort.Next()).Distinct().Count().ShouldBe(50);
}
