using Orchestration.AppHost.Local.Running;

namespace Aspire.Hosting;

internal static class EnvironmentExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment => builder.Change(environment => environment[name] = value ?? "");

    public static IResourceBuilder<T> WithEnvironment<T>(
        this IResourceBuilder<T> builder, string name, IResourceBuilder<ParameterResource> parameter)
        where T : IResourceWithEnvironment => builder.Change(environment => environment[name] = parameter.Resource.Value);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment => builder.Change(environment => environment[name] = endpointReference.Url);

    public static IResourceBuilder<T> WithReference<T>(
        this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithConnectionString> source, string? connectionName = null, bool optional = false)
        where T : IResourceWithEnvironment => builder.Change(environment =>
    {
        var name = connectionName ?? source.Resource.Name;
        if (source.Resource.ConnectionString is { } connectionString)
            environment[$"ConnectionStrings__{name}"] = connectionString;
        else if (!optional)
            throw new InvalidOperationException($"'{builder.Resource.Name}' needs ConnectionStrings:{source.Resource.Name}, which is not set.");
        foreach (var (property, value) in source.Resource.ConnectionProperties)
            environment[$"{VariableName.Of(name)}_{property}"] = value;
    });

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResourceWithServiceDiscovery> source)
        where T : IResourceWithEnvironment => builder.Change(environment =>
    {
        foreach (var endpoint in source.Resource.Endpoints)
            ServiceAddress.Add(environment, source.Resource, endpoint);
    });

    public static IResourceBuilder<T> WithReference<T>(this IResourceBuilder<T> builder, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        builder.Change(environment => ServiceAddress.Add(environment, endpointReference.Resource, endpointReference.Endpoint));

    private static IResourceBuilder<T> Change<T>(this IResourceBuilder<T> builder, Action<IDictionary<string, string>> change)
        where T : IResourceWithEnvironment
    {
        builder.Resource.EnvironmentChanges.Add(change);
        return builder;
    }
}
