namespace Aspire.Hosting;

internal static class ParameterExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(this IDistributedApplicationBuilder builder, string name, bool secret = false) =>
        ((DistributedApplicationBuilder)builder).Add(new ParameterResource(name, secret, builder.Configuration));

    public static IResourceBuilder<IResourceWithConnectionString> AddConnectionString(this IDistributedApplicationBuilder builder, string name) =>
        ((DistributedApplicationBuilder)builder).Add(new ConnectionStringResource(name, builder.Configuration));
}
