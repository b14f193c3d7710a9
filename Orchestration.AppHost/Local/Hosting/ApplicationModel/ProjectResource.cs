namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project that runs as a process, or as several.</summary>
internal sealed class ProjectResource(string name, IProjectMetadata metadata, ProjectResourceOptions options) : Resource(name),
    IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport
{
    public IProjectMetadata Metadata { get; } = metadata;

    public ProjectResourceOptions Options { get; } = options;

    public IList<Action<IDictionary<string, string>>> EnvironmentChanges { get; } = [];

    public IList<string> Arguments { get; } = [];

    public IList<Endpoint> Endpoints { get; } = [];

    /// <summary>Keys of <c>Kestrel:Endpoints</c> by endpoint name; empty when the addresses come from a launch profile.</summary>
    public IDictionary<string, string> KestrelKeys { get; } = new Dictionary<string, string>();

    public IList<HttpHealthCheck> HealthChecks { get; } = [];

    public int Replicas { get; set; } = 1;
}
