namespace Aspire.Hosting;

internal static class EndpointExtensions
{
    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    /// <summary>Matters for publishing only.</summary>
    public static IResourceBuilder<T> WithExternalHttpEndpoints<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints => builder;

    public static IResourceBuilder<ProjectResource> WithHttpHealthCheck(
        this IResourceBuilder<ProjectResource> builder, string? path = null, int? statusCode = null, string? endpointName = null)
    {
        builder.Resource.HealthChecks.Add(new HttpHealthCheck(path ?? "/", statusCode ?? 200, endpointName));
        return builder;
    }
}
