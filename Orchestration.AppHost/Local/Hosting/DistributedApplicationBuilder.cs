using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting;

internal interface IDistributedApplicationBuilder
{
    public ConfigurationManager Configuration { get; }

    public IHostEnvironment Environment { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IServiceCollection Services { get; }

    public IList<IResource> Resources { get; }

    public DistributedApplication Build();
}

/// <summary>Tells running from publishing; this host only runs.</summary>
internal sealed class DistributedApplicationExecutionContext
{
    public bool IsRunMode { get; } = true;

    public bool IsPublishMode => !IsRunMode;
}

internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly string[] _args;

    public DistributedApplicationBuilder(string[] args)
    {
        _args = args;
        _host = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args.Where(argument => argument.StartsWith('-')).ToArray(),
            ContentRootPath = AppContext.BaseDirectory,
            // This host has no other use than development; whoever wants another environment says so.
            EnvironmentName = System.Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? System.Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
                ?? Environments.Development,
        });
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public IHostEnvironment Environment => _host.Environment;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IServiceCollection Services => _host.Services;

    public IList<IResource> Resources { get; } = [];

    public DistributedApplication Build() => new(Resources.AsReadOnly(), Configuration, Environment, _args);

    public IResourceBuilder<T> Add<T>(T resource) where T : IResource
    {
        if (Resources.Any(existing => string.Equals(existing.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new InvalidOperationException($"There are two resources named '{resource.Name}'.");
        Resources.Add(resource);
        return new ResourceBuilder<T>(this, resource);
    }
}
