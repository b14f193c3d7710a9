using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A named port of a resource; one number for each replica.</summary>
internal sealed class Endpoint(string name, string scheme, int? wantedPort)
{
    private int[] _ports = [];

    public string Name { get; } = name;

    public string Scheme { get; } = scheme;

    /// <summary>The port that the first replica asks for; null takes a free one.</summary>
    public int? WantedPort { get; set; } = wantedPort;

    public IReadOnlyList<int> Ports => _ports.Length > 0
        ? _ports
        : throw new InvalidOperationException($"The endpoint '{Name}' has no port yet: addresses are known once the system starts.");

    public void Allocate(int[] ports) => _ports = ports;

    public string Url(int replica = 0) => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://localhost:{Ports[replica]}");
}

/// <summary>An endpoint that will exist when the system starts.</summary>
internal sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName)
{
    public IResourceWithEndpoints Resource { get; } = owner;

    public string EndpointName { get; } = endpointName;

    public string Url => Endpoint.Url();

    public Endpoint Endpoint => Resource.Endpoints.FirstOrDefault(endpoint => endpoint.Name == EndpointName)
        ?? throw new InvalidOperationException($"'{Resource.Name}' has no endpoint '{EndpointName}'.");
}
