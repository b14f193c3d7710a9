using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A value from configuration, <c>Parameters:{name}</c>.</summary>
internal sealed class ParameterResource(string name, bool secret, IConfiguration configuration) : Resource(name)
{
    public bool Secret { get; } = secret;

    // An environment variable cannot have a hyphen in its name.
    public string Value => configuration[$"Parameters:{Name}"] ?? configuration[$"Parameters:{Name.Replace('-', '_')}"]
        ?? throw new InvalidOperationException($"The parameter '{Name}' has no value: set Parameters__{Name.Replace('-', '_')}.");
}

/// <summary>A store that runs elsewhere, <c>ConnectionStrings:{name}</c>.</summary>
internal sealed class ConnectionStringResource(string name, IConfiguration configuration) : Resource(name), IResourceWithConnectionString
{
    public string? ConnectionString => configuration.GetConnectionString(Name);

    public IEnumerable<KeyValuePair<string, string>> ConnectionProperties => [];
}
