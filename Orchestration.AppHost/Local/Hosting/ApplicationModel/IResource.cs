namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the system: a process, a store, a value.</summary>
internal interface IResource
{
    public string Name { get; }

    /// <summary>What has to be the case before this one starts.</summary>
    public IList<Wait> Waits { get; }
}

internal interface IResourceWithEnvironment : IResource
{
    /// <summary>Applied in order when the process starts, once every address is known.</summary>
    public IList<Action<IDictionary<string, string>>> EnvironmentChanges { get; }
}

internal interface IResourceWithArgs : IResource
{
    public IList<string> Arguments { get; }
}

internal interface IResourceWithEndpoints : IResource
{
    public IList<Endpoint> Endpoints { get; }
}

internal interface IResourceWithServiceDiscovery : IResourceWithEndpoints;

internal interface IResourceWithWaitSupport : IResource;

internal interface IResourceWithConnectionString : IResource
{
    public string? ConnectionString { get; }

    /// <summary>The parts of the connection string, handed out one by one as well.</summary>
    public IEnumerable<KeyValuePair<string, string>> ConnectionProperties { get; }
}

/// <summary>A builder that knows the type of what it builds.</summary>
internal interface IResourceBuilder<out T> where T : IResource
{
    public T Resource { get; }

    public IDistributedApplicationBuilder ApplicationBuilder { get; }
}

internal sealed record ResourceBuilder<T>(IDistributedApplicationBuilder ApplicationBuilder, T Resource) : IResourceBuilder<T> where T : IResource;

/// <summary>The base of all resources.</summary>
internal abstract class Resource(string name) : IResource
{
    public string Name { get; } = name;

    public IList<Wait> Waits { get; } = [];
}
